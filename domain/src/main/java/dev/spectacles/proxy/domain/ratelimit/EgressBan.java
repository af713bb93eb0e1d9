package dev.spectacles.proxy.domain.ratelimit;

import java.time.Duration;
import java.util.Optional;

/**
 * Cloudflare's ban of an address: stops everything, then lets one request through at a time to see
 * whether it is over.
 *
 * <p>Times are microseconds of one clock, which may be any.
 *
 * @param on whether nothing but a probe may be sent
 * @param until when the next probe may be sent
 * @param bans how many in a row were met
 * @param probe id of the request that sees whether the ban is over
 * @param probeUntil when that request counts as lost
 */
public record EgressBan(boolean on, long until, int bans, Optional<Long> probe, long probeUntil) {
  /** No ban. */
  public static final EgressBan NONE = new EgressBan(false, 0, 0, Optional.empty(), 0);

  /** A probe that never reports back must not stop everything for ever. */
  public static final Duration PROBE_TIME = Duration.ofSeconds(30);

  private static final long SHORTEST = 1_000_000;
  private static final long LONGEST = micros(Duration.ofHours(1));
  private static final int MOST_DOUBLINGS = 12;

  /** How long nothing can be sent in any case; zero also where a probe is under way. */
  public Duration closedFor(long now) {
    return on && until > now ? Duration.ofNanos((until - now) * 1_000) : Duration.ZERO;
  }

  /** Whether a request is on its way that sees whether the ban is over. */
  public boolean isProbed(long now) {
    return on && probe.isPresent() && probeUntil > now;
  }

  /** After this request was made the probe; empty if none is due. */
  public Optional<EgressBan> probed(long id, long now) {
    return !on || until > now || isProbed(now)
        ? Optional.empty()
        : Optional.of(new EgressBan(true, until, bans, Optional.of(id), now + micros(PROBE_TIME)));
  }

  /** After this was learnt: starts a ban, prolongs or ends one, or changes nothing. */
  public EgressBan after(EgressReport report, long now) {
    return switch (report) {
      case EgressReport.Invalid() -> this;
      case EgressReport.Banned(var retryAfter, var by) ->
          !on || isProbe(by) ? met(retryAfter, now) : this;
      case EgressReport.ProbePassed(var id) -> isProbe(Optional.of(id)) ? NONE : this;
      case EgressReport.ProbeLost(var id) ->
          isProbe(Optional.of(id)) ? new EgressBan(true, until, bans, Optional.empty(), 0) : this;
    };
  }

  /** The same by a clock that is ahead by so much. */
  public EgressBan shifted(long micros) {
    return on ? new EgressBan(true, until + micros, bans, probe, probeUntil + micros) : this;
  }

  /** A ban that outlasts what it announced is taken to last twice as long the next time. */
  private EgressBan met(Duration retryAfter, long now) {
    int times = Math.min(bans + 1, MOST_DOUBLINGS);
    long wait = Math.max(SHORTEST, micros(retryAfter)) << (times - 1);
    return new EgressBan(true, now + Math.min(LONGEST, wait), times, Optional.empty(), 0);
  }

  private boolean isProbe(Optional<Long> id) {
    return on && id.isPresent() && probe.equals(id);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
