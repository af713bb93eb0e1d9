package dev.spectacles.proxy.domain.ratelimit;

/**
 * Whether Discord accepts a caller's credentials.
 *
 * <p>One 401 makes it suspect: a single request, the probe, is to confirm it. Then every request is
 * refused, as each would count as an invalid one, but for a probe per minute. Times are
 * microseconds of the store's clock.
 *
 * @param suspect whether a 401 was seen that nothing has refuted
 * @param refusedUntil when a confirmed refusal is forgotten; in the past while it is not confirmed
 * @param probeAt when the next probe may go out
 * @param probe lease of the last probe
 */
public record CredentialsLatch(boolean suspect, long refusedUntil, long probeAt, long probe) {
  /** Of a caller of whom nothing bad is known. */
  public static final CredentialsLatch ACCEPTED = new CredentialsLatch(false, 0, 0, 0);

  private static final long REFUSED_FOR = 300_000_000;
  private static final long PROBE_EVERY = 60_000_000;

  /** A probe that does not report back is followed by another after this. */
  private static final long PROBE_TIME = 5_000_000;

  /** How often those beside the first probe look whether it is back. */
  private static final long ASK_AGAIN = 100_000;

  /** What a request of the caller may do. */
  public enum Verdict {
    /** It may go on. */
    OPEN,
    /** It may go on as the only one. */
    PROBE,
    /** It has to wait for what the probe says. */
    WAIT,
    /** It has to be refused. */
    REFUSED
  }

  /** What a request may do now. */
  public Verdict verdict(long now) {
    if (!suspect) {
      return Verdict.OPEN;
    }
    if (now >= probeAt) {
      return Verdict.PROBE;
    }
    return now < refusedUntil ? Verdict.REFUSED : Verdict.WAIT;
  }

  /** How long until asking again makes sense, for requests that may not go on. */
  public long delay(long now) {
    return now < refusedUntil ? probeAt - now : Math.min(ASK_AGAIN, probeAt - now);
  }

  /** After this lease was granted to the probe. */
  public CredentialsLatch probing(long lease, long now) {
    long next = now + (now < refusedUntil ? PROBE_EVERY : PROBE_TIME);
    return new CredentialsLatch(true, refusedUntil, next, lease);
  }

  /** After Discord's answer to a request that brought the credentials. */
  public CredentialsLatch answered(long lease, boolean unauthorized, long now) {
    if (!suspect) {
      return unauthorized ? new CredentialsLatch(true, 0, now, 0) : this;
    }
    if (lease != probe) {
      return this;
    }
    return unauthorized
        ? new CredentialsLatch(true, now + REFUSED_FOR, now + PROBE_EVERY, 0)
        : ACCEPTED;
  }

  /** After a request that brought no answer. */
  public CredentialsLatch unanswered(long lease, long now) {
    return suspect && lease == probe
        ? new CredentialsLatch(true, refusedUntil, Math.min(probeAt, now), 0)
        : this;
  }
}
