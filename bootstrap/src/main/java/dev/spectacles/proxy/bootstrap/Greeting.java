package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.EffectiveValue;
import dev.spectacles.proxy.bootstrap.config.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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
    config
        .metrics()
        .ifPresent(metrics -> lines.add("  metrics  http://" + metrics.address() + metrics.path()));
    lines.add(
        "Send a request: "
            + environment(config)
            + "./spectacles-proxy call"
            + callOptions
            + " GET /gateway");
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

  /** What a caller has to know that neither the file nor the environment says. */
  private static String environment(Config config) {
    return config.values().stream()
        .filter(value -> value.origin() instanceof Origin.Option)
        .map(value -> value.path().toUpperCase(Locale.ROOT).replace('.', '_') + "=" + value.shown())
        .map(assignment -> assignment + " ")
        .collect(Collectors.joining());
  }
}
