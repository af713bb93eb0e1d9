package dev.spectacles.proxy.domain.ratelimit;

/**
 * How many invalid requests an address may send in ten minutes before Discord bans it, and what is
 * done on the way there. Source: Discord docs, Rate Limits, "Invalid Request Limit".
 *
 * @param limit requests per ten minutes; 0 for one that is not watched
 */
public record InvalidLimit(int limit) {
  /** Discord's limit. */
  public static final int DISCORDS = 10_000;

  private static final int WARN_PERCENT = 50;
  private static final int HOLD_BACK_PERCENT = 80;
  private static final int CALM_PERCENT = 90;
  private static final int REFUSE_PERCENT = 95;

  /** What the number of invalid requests calls for. */
  public enum Level {
    /** Nothing. */
    CALM,
    /** Somebody should look for their cause. */
    WARN,
    /** Requests that can wait, and those that were forbidden a moment ago, wait. */
    HOLD_BACK,
    /** Nothing is sent. */
    REFUSE
  }

  public InvalidLimit {
    if (limit < 0 || limit > DISCORDS) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 0 to " + DISCORDS + ")");
    }
  }

  /**
   * Level that follows on this one.
   *
   * @param invalid requests that count now
   * @param inFlight requests that may still turn out to be invalid
   */
  public Level next(Level before, long invalid, long inFlight) {
    if (limit == 0) {
      return Level.CALM;
    }
    boolean stays = before == Level.REFUSE && invalid >= calm();
    if (invalid >= holdBack()) {
      // Many requests in flight are no reason to refuse any where hardly one is invalid.
      boolean full = invalid + inFlight >= refuse();
      return stays || full ? Level.REFUSE : Level.HOLD_BACK;
    }
    return invalid >= warn() ? Level.WARN : Level.CALM;
  }

  /** Number from which on somebody should look for their cause. */
  public long warn() {
    return share(WARN_PERCENT);
  }

  /** Number from which on requests that can wait do so. */
  public long holdBack() {
    return share(HOLD_BACK_PERCENT);
  }

  /** Number, of those in flight too, from which on nothing is sent. */
  public long refuse() {
    return share(REFUSE_PERCENT);
  }

  /** Number below which requests are no longer refused. */
  public long calm() {
    return share(CALM_PERCENT);
  }

  /**
   * How many more requests this instance may send, so that all instances together stay below the
   * limit if each of them has as many under way.
   *
   * @param inFlight requests of this instance that may still turn out to be invalid
   */
  public long room(long invalid, long inFlight, int instances) {
    if (limit == 0) {
      return Long.MAX_VALUE;
    }
    long left = refuse() - invalid - inFlight * instances;
    return Math.max(0, Math.ceilDiv(left, instances));
  }

  private long share(int percent) {
    return (long) limit * percent / 100;
  }
}
