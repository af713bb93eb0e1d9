package dev.spectacles.proxy.simulator.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Complete description of a simulated Discord; nothing else decides what it does.
 *
 * @param seed of every random draw
 * @param defaultRate bucket of routes not listed (each gets its own hash); empty for no headers
 * @param webhookChannels channel of a webhook by its id; a webhook not listed is its own channel
 * @param world that the API answers from; empty for one that only echoes
 * @param ledgerCapacity requests remembered in full; later ones are only counted
 */
public record Scenario(
    String name,
    long seed,
    ApiSpec api,
    ClockSpec clock,
    List<BucketSpec> buckets,
    List<RouteSpec> routes,
    Optional<Rate> defaultRate,
    GlobalSpec global,
    InvalidSpec invalid,
    List<TokenSpec> tokens,
    Map<String, String> webhookChannels,
    Delays delays,
    List<FaultSpec> faults,
    List<ScriptStep> script,
    Optional<WorldSpec> world,
    int ledgerCapacity) {
  public static final int DEFAULT_LEDGER_CAPACITY = 500_000;

  public Scenario {
    buckets = List.copyOf(buckets);
    routes = List.copyOf(routes);
    tokens = List.copyOf(tokens);
    webhookChannels = Map.copyOf(webhookChannels);
    faults = List.copyOf(faults);
    script = List.copyOf(script);
    NamedBuckets.requireKnown(buckets, routes, script);
  }

  /** A builder with Discord's global and invalid request limits, no buckets and no delays. */
  public static ScenarioBuilder builder(String name) {
    return new ScenarioBuilder(name);
  }

  /** A builder that starts with everything in this scenario. */
  public ScenarioBuilder toBuilder() {
    return new ScenarioBuilder(this);
  }

  /** The text form, one {@link TextLine} each for every part. */
  public String toText() {
    return ScenarioText.write(this);
  }

  /** Reads the text form; blank lines and lines starting with {@code #} are skipped. */
  public static Scenario parse(String text) {
    return ScenarioText.read(text);
  }
}
