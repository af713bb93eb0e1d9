package dev.spectacles.proxy.application.port.in;

import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.List;

/** What waits for rate limits in this instance, for people to look at. Thread-safe. */
@FunctionalInterface
public interface PeekLimits {
  /**
   * Requests of one caller that wait for one bucket.
   *
   * @param caller stands for its credentials, which it does not tell
   * @param route one of those that the bucket limits
   * @param oldest how long the one has waited that came first
   */
  record Waiting(
      TokenId caller, RouteKey route, BucketStatus bucket, int requests, Duration oldest) {}

  /**
   * The buckets that most requests wait for, those with the most first. Changes nothing.
   *
   * @param atMost so many of them
   * @throws dev.spectacles.proxy.application.port.out.StoreException if the store does not answer
   */
  List<Waiting> peek(int atMost) throws InterruptedException;
}
