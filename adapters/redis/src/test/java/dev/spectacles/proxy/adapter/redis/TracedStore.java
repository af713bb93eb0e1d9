package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One caller's limits in Redis, as {@link LimiterTrace} uses them: each step tells its time. */
interface TracedStore {
  /**
   * Lease that is given back.
   *
   * @param late how much later than noted its request was sent, in microseconds
   * @param age how long ago its answer came, in microseconds
   */
  record Back(Lease lease, Outcome outcome, long late, long age) {
    Duration lateness() {
      return Duration.ofNanos(late * 1_000);
    }
  }

  /**
   * What a script answered.
   *
   * @param micros the server's time that it used
   */
  record Timed(long micros, long value) {}

  TurnResult turn(String instance, List<Back> back, List<Claim> claims, long firstLease)
      throws Exception;

  Timed restamp(String instance, Lease lease) throws Exception;

  Timed renew(String instance, List<Lease> leases) throws Exception;

  Timed learnGlobalLimit(int limit) throws Exception;

  /** The time, and what {@code peek.lua} tells of these routes, where the time is known. */
  Optional<List<Object>> peek(List<Route> routes) throws Exception;

  /** Lets about this much time pass. */
  void pass(Duration duration) throws Exception;
}
