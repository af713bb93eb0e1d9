package dev.spectacles.proxy.simulator.scenario;

/** Which bucket a route counts in. */
public sealed interface RouteBucket {

  /** No rate limit headers and no limit but the global one. */
  record None() implements RouteBucket {}

  /**
   * A fixed hash. Routes with equal {@code counter} share one budget; it is the hash except for the
   * bug Discord had until 2026, where message create and edit showed one hash but counted apart.
   */
  record Hash(String hash, String counter) implements RouteBucket {}

  /**
   * DELETE message: the hash follows the age of the message. {@code young} (under 10 s) is also
   * what a 404 answers with; {@code old} is over 14 days.
   */
  record ByMessageAge(String young, String middle, String old) implements RouteBucket {}
}
