package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a Redis server has done since it started, from its {@code INFO}.
 *
 * @param calls of every command, those that scripts made included
 * @param micros spent in every command; a script's includes what it called
 * @param cpuSeconds of the whole process
 */
record RedisFigures(Map<String, Long> calls, Map<String, Long> micros, double cpuSeconds) {
  private static final String COMMAND = "cmdstat_";

  static RedisFigures of(int port) {
    try (var connection = new RespConnection(port)) {
      var calls = new TreeMap<String, Long>();
      var micros = new TreeMap<String, Long>();
      info(connection, "commandstats")
          .filter(line -> line.startsWith(COMMAND))
          .forEach(
              line -> {
                String[] parts = line.substring(COMMAND.length()).split("[:=,]");
                calls.put(parts[0], Long.parseLong(parts[2]));
                micros.put(parts[0], Long.parseLong(parts[4]));
              });
      double cpu =
          info(connection, "cpu")
              .filter(line -> line.matches("used_cpu_(user|sys):.*"))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
              .sum();
      return new RedisFigures(calls, micros, cpu);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was done in between. */
  RedisFigures since(RedisFigures earlier) {
    return new RedisFigures(
        difference(calls, earlier.calls),
        difference(micros, earlier.micros),
        cpuSeconds - earlier.cpuSeconds);
  }

  /** Calls of scripts by clients. */
  long scriptCalls() {
    return sum(calls);
  }

  /** Time in scripts. */
  long scriptMicros() {
    return sum(micros);
  }

  private static long sum(Map<String, Long> figures) {
    return Stream.of("eval", "evalsha", "fcall")
        .mapToLong(name -> figures.getOrDefault(name, 0L))
        .sum();
  }

  private static Map<String, Long> difference(Map<String, Long> now, Map<String, Long> earlier) {
    var difference = new TreeMap<String, Long>();
    now.forEach((name, value) -> difference.put(name, value - earlier.getOrDefault(name, 0L)));
    return difference;
  }

  private static Stream<String> info(RespConnection connection, String section) throws IOException {
    return connection.command("INFO", section).toString().lines();
  }
}
