package dev.spectacles.proxy.domain.ratelimit;

/**
 * Requests of one caller per second, over all routes.
 *
 * <p>Kept as a log of send times: at most {@code limit} in any second and a margin for how much
 * longer one request may travel than another satisfies fixed windows with any start, aligned
 * seconds and sliding logs alike, so it need not be known which of them Discord uses.
 *
 * @param limit requests per second
 * @param margin widest difference of travel times, in microseconds
 */
public record GlobalLimit(int limit, long margin) {
  /** Margin that a limit starts with, in microseconds. */
  public static final long MARGIN = 32_000;

  /** Widest margin, in microseconds. */
  public static final long WIDEST_MARGIN = 250_000;

  private static final long WINDOW = 1_000_000;

  public GlobalLimit {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
    }
  }

  /** When the next request may be sent, given when the {@code limit}-th last one was. */
  public long nextAt(long sentLimitAgo) {
    return sentLimitAgo + WINDOW + margin;
  }

  /** After a global 429: somebody stalled longer than the margin allows for. */
  public GlobalLimit widened() {
    return new GlobalLimit(limit, Math.min(WIDEST_MARGIN, margin * 2));
  }

  /** After a while without one. */
  public GlobalLimit narrowed() {
    return new GlobalLimit(limit, Math.max(MARGIN, margin / 2));
  }
}
