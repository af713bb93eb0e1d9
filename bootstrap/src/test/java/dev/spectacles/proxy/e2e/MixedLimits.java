package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.GlobalSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.ScenarioBuilder;
import dev.spectacles.proxy.simulator.scenario.TokenSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Fixed and sliding buckets of one bot, and forty buckets of another that together exceed its
 * global limit; all of them to be used as far as they go.
 *
 * @param bigBot whose buckets together exceed the usual global limit, so it is granted more
 * @param usualBot whose global limit is met
 * @param channels buckets of the usual bot
 * @param globalModel how Discord counts the global limit
 */
record MixedLimits(
    List<Saturated> buckets, int channels, String bigBot, String usualBot, RateModel globalModel) {
  static final String BIG_BOT_ID = "100000000000000001";
  static final int BIG_BOT_GLOBAL = 1_000;
  static final int USUAL_GLOBAL = 50;
  static final int CHANNELS = 40;

  private static final String USUAL_BOT_ID = "100000000000000002";
  private static final String CHANNEL = "channel";
  private static final Rate CHANNEL_RATE = Rate.fixed(10, Duration.ofSeconds(1));
  private static final int PER_CHANNEL = 4;
  private static final int UNLIMITED = 1_000_000;

  /** Buckets with windows of three seconds at most, which are soon done with. */
  static final List<Saturated> QUICK =
      List.of(
          new Saturated("alpha", Rate.fixed(10, Duration.ofSeconds(1))),
          new Saturated("bravo", Rate.fixed(50, Duration.ofSeconds(1))),
          new Saturated("charlie", Rate.fixed(2, Duration.ofSeconds(1))),
          new Saturated("delta", Rate.sliding(10, Duration.ofSeconds(1))),
          new Saturated("echo", Rate.sliding(30, Duration.ofSeconds(3))),
          new Saturated("foxtrot", Rate.fixed(1, Duration.ofMillis(250))));

  /** All buckets of the reference measurements. */
  static final List<Saturated> ALL =
      Stream.concat(
              QUICK.stream(),
              Stream.of(
                  new Saturated("golf", Rate.sliding(5, Duration.ofSeconds(5))),
                  new Saturated("hotel", Rate.fixed(5, Duration.ofSeconds(5)))))
          .toList();

  /** A bucket of its own, by the word that its route and its hash have. */
  record Saturated(String word, Rate rate) {
    String path() {
      return "/channels/1/" + word;
    }

    /** Its rate, in few words. */
    String name() {
      return "%s %d/%s s"
          .formatted(
              rate.model().name().toLowerCase(Locale.ROOT),
              rate.limit(),
              BigDecimal.valueOf(rate.window().toMillis(), 3).stripTrailingZeros());
    }
  }

  /** Of two bots nobody else has used; the run's number tells their tokens apart. */
  static MixedLimits ofRun(int run, List<Saturated> buckets, int channels, RateModel globalModel) {
    return new MixedLimits(
        buckets, channels, token(BIG_BOT_ID, run), token(USUAL_BOT_ID, run), globalModel);
  }

  /** What {@code proxy.toml} has to say of the big bot. */
  static String configuration() {
    return "[ratelimit.global_per_bot]\n\"%s\" = %d\n".formatted(BIG_BOT_ID, BIG_BOT_GLOBAL);
  }

  Scenario scenario(String name) {
    ScenarioBuilder scenario =
        Scenario.builder(name)
            .delays(Delays.reference())
            .global(
                new GlobalSpec(new Rate(USUAL_GLOBAL, Duration.ofSeconds(1), globalModel), false))
            .token(TokenSpec.valid(bigBot).withGlobalLimit(BIG_BOT_GLOBAL));
    for (Saturated bucket : buckets) {
      scenario.route("GET /channels/{channel_id}/" + bucket.word(), bucket.word(), bucket.rate());
    }
    return scenario.route("GET /channels/{channel_id}", CHANNEL, CHANNEL_RATE).build();
  }

  /**
   * A line per bucket, deep enough that each of so many instances always has somebody waiting in
   * it.
   */
  List<Crowd.Line> lines(int instances) {
    var lines = new ArrayList<Crowd.Line>();
    for (Saturated bucket : buckets) {
      int depth = bucket.rate().limit() + 5 * instances;
      lines.add(new Crowd.Line(bigBot, bucket.path(), depth));
    }
    for (int i = 0; i < channels; i++) {
      lines.add(new Crowd.Line(usualBot, "/channels/" + (100 + i), PER_CHANNEL));
    }
    return lines;
  }

  /** Lifts the limits of all buckets, so that what still waits is soon answered. */
  Change[] lifted() {
    return buckets.stream()
        .map(bucket -> new Change.SetLimit(bucket.word(), UNLIMITED))
        .toArray(Change[]::new);
  }

  /** Whether this is the bucket of a channel that counts for the global limit. */
  static boolean isChannel(String bucketKey) {
    return bucketKey.startsWith(CHANNEL + ":");
  }

  private static String token(String id, int run) {
    String name = Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(US_ASCII));
    return "Bot %s.run.%d".formatted(name, run);
  }
}
