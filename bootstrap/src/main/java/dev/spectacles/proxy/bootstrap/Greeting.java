package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code serve} says when it has started. */
final class Greeting {
  private Greeting() {}

  /** Where answers are kept, and how many of them in memory. */
  static String answers(Config.Cache.Rest rest, Plugins plugins) {
    if (!rest.enabled()) {
      return "off";
    }
    String where = plugins.cacheStores().ofType(rest.store()).describe(rest.section());
    String most =
        rest.store().equals("memory") ? ", %d bytes at most".formatted(rest.maxBytes()) : "";
    return rest.store() + " " + where + most;
  }

  /**
   * Lines to print.
   *
   * @param described where the broker is, as its provider tells
   * @param answers where answers are kept
   * @param call how the command line is called so that it finds the same broker, if it can
   */
  static List<String> lines(
      Config config, String described, String answers, Optional<String> call) {
    Config.Broker broker = config.broker();
    var lines = new ArrayList<String>();
    lines.add("Spectacles Proxy " + Version.current() + " serves.");
    lines.add(
        "  broker   %s %s, group %s, event %s"
            .formatted(broker.type(), described, broker.group(), broker.event()));
    lines.add(
        "  limiter  %s, %d requests per second and bot"
            .formatted(config.rateLimit().store(), config.rateLimit().global().everyone()));
    lines.add("  cache    " + answers);
    lines.add(
        "  API      %s/v%d".formatted(config.discord().apiUrl(), config.discord().apiVersion()));
    config.http().ifPresent(http -> lines.add("  HTTP     http://" + http.address()));
    config
        .metrics()
        .ifPresent(metrics -> lines.add("  metrics  http://" + metrics.address() + metrics.path()));
    lines.add(
        call.isPresent()
            ? "Send a request: " + call.get() + " GET /gateway"
            : config
                .http()
                .map(http -> "Send a request: curl http://" + http.address() + "/api/gateway")
                .orElse("Requests come from the process that started this one."));
    return lines;
  }
}
