package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.EffectiveValue;
import java.util.ArrayList;
import java.util.List;

/** What {@code serve} says when it has started. */
final class Greeting {
  private Greeting() {}

  static List<String> lines(Config config, String callOptions) {
    Config.Broker broker = config.broker();
    var lines = new ArrayList<String>();
    lines.add("Spectacles Proxy " + Version.current() + " serves.");
    lines.add(
        "  broker   %s%s, group %s, event %s"
            .formatted(broker.type(), address(config), broker.group(), broker.event()));
    lines.add(
        "  limiter  %s, %d requests per second and bot"
            .formatted(config.rateLimit().store(), config.rateLimit().global()));
    lines.add(
        "  API      %s/v%d".formatted(config.discord().apiUrl(), config.discord().apiVersion()));
    lines.add("Send a request: ./spectacles-proxy call" + callOptions + " GET /gateway");
    return lines;
  }

  /** Where the broker is, if its type has an address; its password is masked. */
  private static String address(Config config) {
    return config.values().stream()
        .filter(value -> value.path().equals(config.broker().type() + ".url"))
        .map(EffectiveValue::shown)
        .map(url -> " at " + url)
        .findFirst()
        .orElse("");
  }
}
