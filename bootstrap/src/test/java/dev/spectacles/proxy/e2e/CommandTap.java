package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.adapter.redis.ScriptNames;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands that clients sent while somebody listened.
 *
 * @param commands by name; a script's calls by its own name, turns with and without claims apart
 */
record CommandTap(Map<String, Integer> commands) {
  /** Calls that carry at least one claim, with what is given back. */
  static final String CLAIMS = "TURN with claims";

  /** Calls that only give back. */
  static final String RELEASES = "TURN without";

  private static final Set<String> LIMITER = Set.of(CLAIMS, RELEASES, "RESTAMP", "RENEW");
  private static final Pattern LINE = Pattern.compile("[0-9.]+ \\[\\d+ (\\S+)] \"(.*)\"");
  private static final String STOP = "stop listening";

  /** Place of the number of leases given back among the arguments of a turn, and fields of each. */
  private static final int GIVEN_BACK = 8;

  private static final int FIELDS_GIVEN_BACK = 18;

  /** Listens for so long; what scripts call is left out. */
  static CommandTap listen(int port, Duration time) throws IOException, InterruptedException {
    Map<String, String> names = ScriptNames.byDigest();
    var commands = new TreeMap<String, Integer>();
    try (var connection = new RespConnection(port);
        var other = new RespConnection(port)) {
      connection.command("MONITOR");
      Thread timer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Until.passes(time);
                      other.command("ECHO", STOP);
                    } catch (IOException | InterruptedException e) {
                      // The reader below then fails by its own timeout.
                      Thread.currentThread().interrupt();
                    }
                  });
      String line = connection.read().toString();
      while (!line.contains(STOP)) {
        Matcher parts = LINE.matcher(line);
        if (parts.matches() && !parts.group(1).equals("lua")) {
          commands.merge(name(parts.group(2).split("\" \"", -1), names), 1, Integer::sum);
        }
        line = connection.read().toString();
      }
      timer.join();
    }
    return new CommandTap(commands);
  }

  /** Script calls of the limiter, by name. */
  Map<String, Integer> limiter() {
    var calls = new TreeMap<>(commands);
    calls.keySet().retainAll(LIMITER);
    return calls;
  }

  /** All commands but what a worker sends. */
  int ofInstances() {
    return commands.entrySet().stream()
        .filter(entry -> !entry.getKey().equals("XADD"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static String name(String[] words, Map<String, String> scripts) {
    String command = words[0].toUpperCase(Locale.ROOT);
    if (!command.equals("EVALSHA")) {
      return command;
    }
    String script = scripts.getOrDefault(words[1], words[1]);
    if (!script.equals("TURN")) {
      return script;
    }
    int arguments = 2 + Integer.parseInt(words[2]);
    int given = Integer.parseInt(words[arguments + GIVEN_BACK]);
    int claims = arguments + GIVEN_BACK + given * FIELDS_GIVEN_BACK + 1;
    return words[claims].equals("0") ? RELEASES : CLAIMS;
  }
}
