package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The simulator as a process.
 *
 * <p>{@code --scenario} is a name from {@link Scenarios}, a file, or {@code -} for standard input
 * up to a line {@code end}. Prints {@code SIMULATOR READY port=… control=…} and ends when its
 * standard input is closed, so that it does not outlive the test that started it.
 */
public final class SimulatorMain {
  static final String READY = "SIMULATOR READY";
  static final String END_OF_SCENARIO = "end";

  private SimulatorMain() {}

  /** Runs until standard input is closed. */
  public static void main(String[] args) throws IOException {
    var options = options(args);
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var scenario = scenario(options.getOrDefault("--scenario", "realistic"), input);
    var port = Integer.parseInt(options.getOrDefault("--port", "0"));
    var controlPort = Integer.parseInt(options.getOrDefault("--control-port", "0"));
    try (var server = SimulatorServer.start(scenario, port, controlPort)) {
      WarmUp.run(server);
      server.reset(scenario);
      System.out.printf(
          "%s port=%d control=%d%n",
          READY, server.apiUrl().getPort(), server.controlUrl().getPort());
      while (input.readLine() != null) {
        // Nothing is said after the scenario; only the end of the input matters.
      }
    }
    System.exit(0);
  }

  private static Map<String, String> options(String[] args) {
    var options = new TreeMap<String, String>();
    for (int i = 0; i < args.length; i += 2) {
      var known = args[i].matches("--(port|control-port|scenario)");
      if (!known || i + 1 == args.length) {
        throw new IllegalArgumentException(
            "usage: [--port N] [--control-port N] [--scenario NAME|FILE|-]: " + args[i]);
      }
      options.put(args[i], args[i + 1]);
    }
    return options;
  }

  private static Scenario scenario(String source, BufferedReader input) throws IOException {
    var named = Scenarios.named(source);
    if (named.isPresent()) {
      return named.get();
    }
    return Scenario.parse(source.equals("-") ? upToEnd(input) : Files.readString(Path.of(source)));
  }

  private static String upToEnd(BufferedReader input) throws IOException {
    var text = new StringBuilder();
    for (var line = input.readLine();
        line != null && !line.equals(END_OF_SCENARIO);
        line = input.readLine()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
