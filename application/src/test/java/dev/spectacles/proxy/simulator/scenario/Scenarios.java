package dev.spectacles.proxy.simulator.scenario;

import static dev.spectacles.proxy.simulator.scenario.HiddenLimit.Reach;
import static dev.spectacles.proxy.simulator.scenario.HiddenLimit.When;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Ready-made scenarios. Those that measure use the reference delays and a skewed clock. */
public final class Scenarios {
  public static final String CREATE_MESSAGE = "POST /channels/{channel_id}/messages";
  public static final String EDIT_MESSAGE = "PATCH /channels/{channel_id}/messages/{message_id}";
  public static final String DELETE_MESSAGE = "DELETE /channels/{channel_id}/messages/{message_id}";
  public static final String GET_CHANNEL = "GET /channels/{channel_id}";
  public static final String MODIFY_CHANNEL = "PATCH /channels/{channel_id}";
  public static final String EXECUTE_WEBHOOK = "POST /webhooks/{webhook_id}/{webhook_token}";

  private static final Map<String, Supplier<Scenario>> BY_NAME =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("unlimited", Scenarios::unlimited),
              Map.entry("realistic", Scenarios::realistic),
              Map.entry("saturate-fixed", Scenarios::saturateFixed),
              Map.entry("saturate-sliding", Scenarios::saturateSliding),
              Map.entry("mixed-40-buckets-global", Scenarios::mixed40BucketsGlobal),
              Map.entry("hot-and-cold", Scenarios::hotAndCold),
              Map.entry("limit-shrink", Scenarios::limitShrink),
              Map.entry("hash-split", Scenarios::hashSplit),
              Map.entry("delete-classes", Scenarios::deleteClasses),
              Map.entry("rename-sublimit", Scenarios::renameSublimit),
              Map.entry("shared-webhook", Scenarios::sharedWebhook),
              Map.entry("global-429-storm", Scenarios::global429Storm),
              Map.entry("cf-ban", Scenarios::cfBan),
              Map.entry("invalid-ramp", Scenarios::invalidRamp),
              Map.entry("server-error-burst", Scenarios::serverErrorBurst),
              Map.entry("reset-after-effect", Scenarios::resetAfterEffect)));

  private Scenarios() {}

  /** A scenario by its {@link Scenario#name}. */
  public static Optional<Scenario> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).map(Supplier::get);
  }

  public static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  /** No buckets, no delays, a global limit nobody reaches. */
  public static Scenario unlimited() {
    return Scenario.builder("unlimited").global(1_000_000, RateModel.FIXED).build();
  }

  /** The limits bots meet most, as far as they are known. */
  public static Scenario realistic() {
    return RealisticRoutes.addTo(Scenario.builder("realistic"))
        .defaultRate(Rate.sliding(5, Duration.ofSeconds(5)))
        .build();
  }

  /** Four fixed buckets: {@code /fixed/5-5000}, {@code 10-1000}, {@code 50-1000}, {@code 1-250}. */
  public static Scenario saturateFixed() {
    return saturate("saturate-fixed", RateModel.FIXED)
        .route("POST /fixed/5-5000", "fixed-5-5000", Rate.fixed(5, Duration.ofSeconds(5)))
        .route("POST /fixed/10-1000", "fixed-10-1000", Rate.fixed(10, Duration.ofSeconds(1)))
        .route("POST /fixed/50-1000", "fixed-50-1000", Rate.fixed(50, Duration.ofSeconds(1)))
        .route("POST /fixed/1-250", "fixed-1-250", Rate.fixed(1, Duration.ofMillis(250)))
        .build();
  }

  /** Three sliding buckets: {@code /sliding/5-5000}, {@code 30-3000} and {@code 10-1000}. */
  public static Scenario saturateSliding() {
    return saturate("saturate-sliding", RateModel.FIXED)
        .route("POST /sliding/5-5000", "sliding-5-5000", Rate.sliding(5, Duration.ofSeconds(5)))
        .route("POST /sliding/30-3000", "sliding-30-3000", Rate.sliding(30, Duration.ofSeconds(3)))
        .route("POST /sliding/10-1000", "sliding-10-1000", Rate.sliding(10, Duration.ofSeconds(1)))
        .build();
  }

  /** Message buckets wide enough that 40 channels together meet the global limit of 50/s. */
  public static Scenario mixed40BucketsGlobal() {
    return measured("mixed-40-buckets-global")
        .global(50, RateModel.FIXED)
        .route(CREATE_MESSAGE, "message-create", Rate.sliding(5, Duration.ofSeconds(1)))
        .route(GET_CHANNEL, "channel-get", Rate.fixed(10, Duration.ofSeconds(1)))
        .build();
  }

  /** A bucket that lets 50/s through beside one that lets one request through in 10 s. */
  public static Scenario hotAndCold() {
    return saturate("hot-and-cold", RateModel.FIXED)
        .route(CREATE_MESSAGE, "hot", Rate.fixed(50, Duration.ofSeconds(1)))
        .route(MODIFY_CHANNEL, "cold", Rate.fixed(1, Duration.ofSeconds(10)))
        .build();
  }

  /** A bucket of 10/s that shrinks to 5 after 5 s and grows to 20 after 10 s. */
  public static Scenario limitShrink() {
    return saturate("limit-shrink", RateModel.FIXED)
        .route(CREATE_MESSAGE, "message-create", Rate.fixed(10, Duration.ofSeconds(1)))
        .at(Duration.ofSeconds(5), new Change.SetLimit("message-create", 5))
        .at(Duration.ofSeconds(10), new Change.SetLimit("message-create", 20))
        .build();
  }

  /** Create and edit message share a hash for 5 s; then edit gets its own. */
  public static Scenario hashSplit() {
    return saturate("hash-split", RateModel.FIXED)
        .route(CREATE_MESSAGE, "message", Rate.fixed(5, Duration.ofSeconds(1)))
        .route(EDIT_MESSAGE, "message")
        .bucket("message-edit", Rate.fixed(5, Duration.ofSeconds(1)))
        .at(
            Duration.ofSeconds(5),
            new Change.SetHash(RoutePattern.parse(EDIT_MESSAGE), "message-edit"))
        .build();
  }

  /** DELETE message with its three age classes, and the third hash on a burst of old deletes. */
  public static Scenario deleteClasses() {
    return RealisticRoutes.addDeleteMessage(measured("delete-classes")).build();
  }

  /** PATCH channel: 5 per 15 s by the headers, hidden 2 per 10 min for name and topic. */
  public static Scenario renameSublimit() {
    return measured("rename-sublimit")
        .route(MODIFY_CHANNEL, "channel-modify", Rate.fixed(5, Duration.ofSeconds(15)))
        .hidden(
            MODIFY_CHANNEL,
            HiddenLimit.perToken(
                "name-topic", Rate.fixed(2, Duration.ofMinutes(10)), When.NAME_OR_TOPIC))
        .build();
  }

  /** Webhooks 1 and 2 in channel 10: 5 per 2 s each, hidden 30 per 60 s together. */
  public static Scenario sharedWebhook() {
    return measured("shared-webhook")
        .route(EXECUTE_WEBHOOK, "webhook-execute", Rate.fixed(5, Duration.ofSeconds(2)))
        .hidden(
            EXECUTE_WEBHOOK,
            HiddenLimit.shared(
                "channel-webhooks", Rate.fixed(30, Duration.ofMinutes(1)), Reach.CHANNEL))
        .webhook("1", "10")
        .webhook("2", "10")
        .build();
  }

  /** A global limit of 5/s in aligned seconds on routes without buckets: nothing but 429s. */
  public static Scenario global429Storm() {
    return measured("global-429-storm").global(5, RateModel.ALIGNED).build();
  }

  /** A ban of 5 s after 20 invalid requests in 10 s; {@code /forbidden/…} answers 403. */
  public static Scenario cfBan() {
    return forbidding("cf-ban")
        .invalid(
            new InvalidSpec(
                20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                InvalidSpec.BanAnswer.HTML,
                true))
        .build();
  }

  /** A ban after 200 invalid requests in 10 s, to see whether a client stops before. */
  public static Scenario invalidRamp() {
    return forbidding("invalid-ramp")
        .invalid(
            new InvalidSpec(
                200,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                InvalidSpec.BanAnswer.JSON,
                false))
        .build();
  }

  /** Every third request fails with one of Discord's and Cloudflare's 5xx, before its effect. */
  public static Scenario serverErrorBurst() {
    var builder =
        measured("server-error-burst")
            .route(CREATE_MESSAGE, "message-create", Rate.sliding(5, Duration.ofSeconds(5)));
    for (int status : new int[] {500, 502, 503, 504, 520, 521, 522, 523, 524}) {
      builder.fault(
          FaultSpec.status("* /**", status, FaultSpec.Phase.BEFORE_EFFECT).withProbability(0.044));
    }
    return builder.build();
  }

  /** Every fifth message is created, and then the connection is reset. */
  public static Scenario resetAfterEffect() {
    return measured("reset-after-effect")
        .route(CREATE_MESSAGE, "message-create", Rate.sliding(5, Duration.ofSeconds(5)))
        .fault(FaultSpec.of(CREATE_MESSAGE, FaultSpec.Kind.RESET).withProbability(0.2))
        .build();
  }

  private static ScenarioBuilder measured(String name) {
    return Scenario.builder(name)
        .delays(Delays.reference())
        .clock(ClockSpec.skewed(Duration.ofSeconds(-137), 20));
  }

  private static ScenarioBuilder saturate(String name, RateModel global) {
    return measured(name).global(500, global);
  }

  private static ScenarioBuilder forbidding(String name) {
    return measured(name)
        .global(500, RateModel.FIXED)
        .at(Duration.ZERO, new Change.Forbid(RoutePattern.parse("* /forbidden/**"), true));
  }
}
