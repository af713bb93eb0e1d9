package dev.spectacles.proxy.domain.ratelimit;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Invalid requests of the last ten minutes, counted by the minute: that which runs and the ten
 * before, so that none is forgotten before Discord forgets it.
 *
 * <p>Times are microseconds of one clock, which may be any.
 *
 * @param perMinute by the number of the minute
 */
public record InvalidRequests(Map<Long, Long> perMinute) {
  /** None at all. */
  public static final InvalidRequests NONE = new InvalidRequests(Map.of());

  /** How many minutes count before the one that runs. */
  public static final int MINUTES = 10;

  private static final long MINUTE = 60_000_000;

  public InvalidRequests {
    perMinute = Map.copyOf(perMinute);
  }

  /**
   * Whether Discord counts a request with this answer as invalid. Source: Discord docs, Rate
   * Limits, "Invalid Request Limit".
   */
  public static boolean isInvalid(Outcome.Answered answer) {
    return switch (answer.code()) {
      case 401, 403 -> true;
      case 429 ->
          answer
              .limited()
              .filter(limited -> limited.scope() == TooManyRequests.Scope.SHARED)
              .isEmpty();
      default -> false;
    };
  }

  /** Number of the minute that this moment is in. */
  public static long minuteOf(long micros) {
    return Math.floorDiv(micros, MINUTE);
  }

  /** With so many more in that minute; those out of the window are forgotten. */
  public InvalidRequests plus(long minute, long count, long now) {
    var sum = new TreeMap<>(perMinute);
    sum.merge(minute, count, Long::sum);
    sum.headMap(minuteOf(now) - MINUTES).clear();
    return new InvalidRequests(sum);
  }

  /** With those of another count by the same clock. */
  public InvalidRequests plus(InvalidRequests others, long now) {
    InvalidRequests sum = this;
    for (var minute : others.perMinute.entrySet()) {
      sum = sum.plus(minute.getKey(), minute.getValue(), now);
    }
    return sum;
  }

  /** How many count now. */
  public long total(long now) {
    long first = minuteOf(now) - MINUTES;
    long sum = 0;
    for (var minute : perMinute.entrySet()) {
      sum += minute.getKey() >= first ? minute.getValue() : 0;
    }
    return sum;
  }

  /** When fewer than this count, if no more are added. */
  public Duration untilBelow(long limit, long now) {
    long running = minuteOf(now);
    for (long passed = 0; passed <= MINUTES; passed++) {
      long then = passed == 0 ? now : (running + passed) * MINUTE;
      if (total(then) < limit) {
        return Duration.ofNanos((then - now) * 1_000);
      }
    }
    return Duration.ofNanos(((running + MINUTES + 1) * MINUTE - now) * 1_000);
  }
}
