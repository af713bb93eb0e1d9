package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code serve} says when it has started. */
final class Greeting {
  private Greeting() {}

  /**
   * Lines to print.
   *
   * @param described where the broker is, as its provider tells
   * @param call how the command line is called so that it finds the same broker, if it can
   */
  static List<String> lines(Config config, String described, Optional<String> call) {
    Config.Broker broker = config.broker();
    var lines = new ArrayList<String>();
    lines.add("Spectacles Proxy " + Version.current() + " serves.");
    lines.add(
        "  broker   %s %s, group %s, event %s"
            .formatted(broker.type(), described, broker.group(), broker.event()));
    lines.add(
        "  limiter  %s, %d requests per second and bot"
            .formatted(config.rateLimit().store(), config.rateLimit().global().everyone()));
    lines.add(
        "  cache    " + (config.cache().rest().enabled() ? config.cache().rest().store() : "off"));
    lines.add(
        "  API      %s/v%d".formatted(config.discord().apiUrl(), config.discord().apiVersion()));
    config
        .metrics()
        .ifPresent(metrics -> lines.add("  metrics  http://" + metrics.address() + metrics.path()));
    lines.add(
        call.isPresent()
            ? "Send a request: " + call.get() + " GET /gateway"
            : "Requests come from the process that started this one.");
    return lines;
  }
}
