package dev.spectacles.proxy.simulator.scenario;

/**
 * How a limit counts. Discord's headers do not say which model a route has.
 *
 * <p>{@code FIXED} and {@code SLIDING} are known of route buckets; {@code FIXED}, {@code ALIGNED}
 * and {@code LOG} are the three readings of the global limit. Every model works in both places.
 */
public enum RateModel {
  /** A window anchored at the first counted arrival. */
  FIXED,
  /** A leaky bucket (GCRA): one request comes back every {@code window / limit}. */
  SLIDING,
  /** Windows aligned to the epoch, such as whole seconds. */
  ALIGNED,
  /** At most {@code limit} counted arrivals within any span of one window. */
  LOG
}
