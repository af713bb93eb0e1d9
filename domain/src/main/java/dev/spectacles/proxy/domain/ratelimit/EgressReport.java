package dev.spectacles.proxy.domain.ratelimit;

import java.time.Duration;
import java.util.Optional;

/** What an answer, or its absence, tells about the address that the request was sent from. */
public sealed interface EgressReport {
  /** Discord counts the request as invalid. */
  record Invalid() implements EgressReport {}

  /**
   * Cloudflare refuses the address.
   *
   * @param probe id of the probe that met the ban, if the request was one
   */
  record Banned(Duration retryAfter, Optional<Long> probe) implements EgressReport {}

  /** A probe was answered by anything but the ban. */
  record ProbePassed(long probe) implements EgressReport {}

  /** A probe was not sent, or nobody knows what became of it. */
  record ProbeLost(long probe) implements EgressReport {}
}
