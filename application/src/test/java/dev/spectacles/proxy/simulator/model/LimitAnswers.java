package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.InvalidSpec;
import java.util.ArrayList;
import java.util.List;

/** Writes rate limit headers and the four kinds of 429, as Discord does. */
final class LimitAnswers {
  private static final String LIMITED = "You are being rate limited.";
  private static final String RESOURCE_LIMITED = "The resource is being rate limited.";

  private final ModelClock clock;

  LimitAnswers(ModelClock clock) {
    this.clock = clock;
  }

  /** The five headers of a bucket as it stands. */
  List<Header> headers(String hash, RateCounter counter, long nowMicros) {
    var headers = new ArrayList<Header>();
    var resetAfter = counter.resetAfter(nowMicros);
    headers.add(new Header("X-RateLimit-Limit", Integer.toString(counter.rate().limit())));
    headers.add(
        new Header("X-RateLimit-Remaining", Integer.toString(counter.remaining(nowMicros))));
    var reset = clock.shownEpochMicros(nowMicros) + resetAfter;
    headers.add(new Header("X-RateLimit-Reset", clock.seconds(reset)));
    headers.add(new Header("X-RateLimit-Reset-After", clock.seconds(resetAfter)));
    headers.add(new Header("X-RateLimit-Bucket", hash));
    return headers;
  }

  Outcome bucketFull(BucketLimits.Bucket bucket, long nowMicros) {
    var retryAfter = bucket.counter().retryAfter(nowMicros);
    return limited(Decision.LIMITED_USER, retryAfter, LIMITED, 0, false)
        .with("X-RateLimit-Scope", "user")
        .with(headers(bucket.hash(), bucket.counter(), nowMicros));
  }

  /**
   * The refusal of a hidden limit; rate limit headers are the caller's, unless it names a bucket.
   */
  Outcome hiddenFull(HiddenLimits.Hidden hidden, List<Header> usual, long nowMicros) {
    var limit = hidden.limit();
    var retryAfter = hidden.counter().retryAfter(nowMicros);
    var decision = limit.shared() ? Decision.LIMITED_SHARED : Decision.LIMITED_SUBLIMIT;
    var message = limit.shared() ? RESOURCE_LIMITED : LIMITED;
    var headers =
        limit.namesBucket().map(hash -> headers(hash, hidden.counter(), nowMicros)).orElse(usual);
    return limited(decision, retryAfter, message, limit.code(), false)
        .with("X-RateLimit-Scope", limit.shared() ? "shared" : "user")
        .with(headers);
  }

  /** The global refusal, which has no headers of a bucket. */
  Outcome globalFull(RateCounter global, long nowMicros) {
    return limited(Decision.LIMITED_GLOBAL, global.retryAfter(nowMicros), LIMITED, 0, true)
        .with("X-RateLimit-Global", "true")
        .with("X-RateLimit-Scope", "global");
  }

  /** Cloudflare's refusal of a banned address. */
  Outcome banned(InvalidSpec spec, long leftMicros) {
    var outcome =
        switch (spec.answer()) {
          case JSON ->
              Outcome.error(
                  Decision.BANNED,
                  429,
                  0,
                  "You are being blocked from accessing our API temporarily due to exceeding our"
                      + " rate limits frequently.");
          case HTML ->
              Outcome.of(
                  Decision.BANNED,
                  429,
                  Outcome.HTML,
                  "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to"
                      + " restrict access</title></head><body><h1>Error 1015</h1><p>You are being"
                      + " rate limited</p></body></html>");
        };
    return spec.retryAfterHeader()
        ? outcome.with("Retry-After", clock.retryAfterHeader(leftMicros))
        : outcome;
  }

  private Outcome limited(
      Decision decision, long retryAfter, String message, int code, boolean global) {
    var body =
        "{\"message\": %s, \"retry_after\": %s, \"global\": %s%s}"
            .formatted(
                JsonFields.quote(message),
                ModelClock.retryAfter(retryAfter),
                global,
                code == 0 ? "" : ", \"code\": " + code);
    return Outcome.of(decision, 429, Outcome.JSON, body)
        .viaApi()
        .with("Retry-After", clock.retryAfterHeader(retryAfter));
  }
}
