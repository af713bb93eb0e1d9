package dev.spectacles.proxy.domain.ratelimit;

/**
 * Offset of Discord's clock from ours, from the fastest answer of the last 30 to 60 seconds: tells
 * when Discord counted a request closer than the arrival of its answer does.
 *
 * @param current smallest offset since {@code since}, in microseconds
 * @param previous smallest offset of the 30 seconds before
 */
public record ServerClock(long current, long previous, long since) {
  /** Nothing known yet. */
  public static final ServerClock UNKNOWN =
      new ServerClock(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);

  private static final long EPOCH = 30_000_000;
  private static final long ROUNDING = 2_000;

  /**
   * After an answer that Discord made at {@code serverMillis} and that was received at {@code at}.
   */
  public ServerClock observe(long serverMillis, long at) {
    long offset = at - serverMillis * 1_000;
    if (since == Long.MIN_VALUE || at - since > 2 * EPOCH) {
      return new ServerClock(offset, Long.MAX_VALUE, at);
    }
    return at - since > EPOCH
        ? new ServerClock(offset, current, at)
        : new ServerClock(Math.min(current, offset), previous, since);
  }

  /** Latest moment at which Discord can have counted the request, by our clock. */
  public long countedAt(long serverMillis, long received) {
    long offset = Math.min(current, previous);
    return offset == Long.MAX_VALUE
        ? received
        : Math.min(received, serverMillis * 1_000 + offset + ROUNDING);
  }
}
