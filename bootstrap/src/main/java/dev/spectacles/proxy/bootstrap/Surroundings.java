package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Everything outside the process that the command line touches.
 *
 * @param directory the caller's working directory
 */
record Surroundings(
    Map<String, String> environment,
    Path directory,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Plugins plugins,
    Clock clock,
    StopRequests stopRequests) {
  Surroundings {
    environment = Map.copyOf(environment);
  }
}
