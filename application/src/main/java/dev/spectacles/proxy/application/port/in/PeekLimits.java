package dev.spectacles.proxy.application.port.in;

import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.time.Duration;
import java.util.List;

/** What waits for rate limits in this instance, for people to look at. Thread-safe. */
@FunctionalInterface
public interface PeekLimits {
  /**
   * Requests of one caller that wait for one bucket.
   *
   * @param caller stands for its credentials, which it does not tell
   * @param oldest how long the one has waited that came first
   */
  record Waiting(TokenId caller, BucketStatus bucket, int requests, Duration oldest) {}

  /**
   * The 200 buckets that most requests wait for, those with the most first. Changes nothing.
   *
   * @throws dev.spectacles.proxy.application.port.out.StoreException if the store does not answer
   */
  List<Waiting> peek() throws InterruptedException;
}
