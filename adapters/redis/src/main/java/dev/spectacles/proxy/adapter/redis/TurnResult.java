package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.MajorParameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What {@code turn.lua} answered.
 *
 * @param micros the server's clock
 * @param openings buckets from which this instance can send sooner than it was told
 */
record TurnResult(long micros, List<Opening> openings, List<Grant> grants) {
  /** Bucket from which requests can be sent after this delay. */
  record Opening(BucketKey bucket, Duration delay) {}

  /** Whether the caller met its global limit. */
  boolean isAtLimit() {
    return grants.stream()
        .flatMap(grant -> grant.hold().stream())
        .anyMatch(hold -> hold.reach() == Reach.TOKEN);
  }

  /** Reads the answer to these claims, whose leases begin with that id. */
  static TurnResult read(List<Object> answer, TokenId token, List<Claim> claims, long firstLease) {
    Iterator<Object> fields = answer.iterator();
    long micros = number(fields);
    int told = (int) number(fields);
    var openings = new ArrayList<Opening>(told);
    for (int i = 0; i < told; i++) {
      openings.add(new Opening(bucket(fields), micros(number(fields))));
    }
    long nextLease = firstLease;
    var grants = new ArrayList<Grant>(claims.size());
    for (Claim claim : claims) {
      BucketKey bucket = bucket(fields);
      int granted = (int) number(fields);
      var leases = new ArrayList<Lease>(granted);
      for (int i = 0; i < granted; i++) {
        leases.add(new Lease(nextLease++, token, claim.route(), bucket));
      }
      grants.add(new Grant(bucket, leases, hold(fields)));
    }
    return new TurnResult(micros, openings, grants);
  }

  static BucketKey bucket(Iterator<Object> fields) {
    String name = text(fields);
    return new BucketKey(name, new MajorParameter(text(fields)));
  }

  static String text(Iterator<Object> fields) {
    return String.valueOf(fields.next());
  }

  static long number(Iterator<Object> fields) {
    return (Long) fields.next();
  }

  private static Optional<Hold> hold(Iterator<Object> fields) {
    String reach = text(fields);
    Duration delay = micros(number(fields));
    Duration atLeast = micros(number(fields));
    int limit = (int) number(fields);
    Duration window = micros(number(fields));
    return reach.isEmpty()
        ? Optional.empty()
        : Optional.of(new Hold(Reach.valueOf(reach), delay, atLeast, limit, window));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
