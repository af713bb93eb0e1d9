package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.adapter.redis.ScriptNames;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands that clients sent while somebody listened.
 *
 * @param commands by name; those that call a script by its digest, with it
 */
record CommandTap(Map<String, Integer> commands) {
  private static final Pattern LINE =
      Pattern.compile("[0-9.]+ \\[\\d+ (\\S+)] \"([^\"]+)\"(?: \"([0-9a-f]{40})\")?.*");
  private static final String EVAL = "EVAL";
  private static final String EVALSHA = "EVALSHA ";
  private static final String STOP = "stop listening";

  /** Listens for so long; what scripts call is left out. */
  static CommandTap listen(int port, Duration time) throws IOException, InterruptedException {
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
          String name = parts.group(2).toUpperCase(Locale.ROOT);
          String digest = parts.group(3) == null ? "" : " " + parts.group(3);
          commands.merge(name + digest, 1, Integer::sum);
        }
        line = connection.read().toString();
      }
      timer.join();
    }
    return new CommandTap(commands);
  }

  /** Calls of scripts: by name where they were called by their digest, the others together. */
  Map<String, Integer> scripts() {
    Map<String, String> names = ScriptNames.byDigest();
    var scripts = new TreeMap<String, Integer>();
    commands.forEach(
        (command, calls) -> {
          if (command.startsWith(EVALSHA)) {
            String digest = command.substring(EVALSHA.length());
            scripts.merge(names.getOrDefault(digest, digest), calls, Integer::sum);
          } else if (command.equals(EVAL)) {
            scripts.merge(EVAL, calls, Integer::sum);
          }
        });
    return scripts;
  }

  /** All commands but what a worker sends. */
  int ofInstances() {
    return commands.entrySet().stream()
        .filter(entry -> !entry.getKey().equals("XADD"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
