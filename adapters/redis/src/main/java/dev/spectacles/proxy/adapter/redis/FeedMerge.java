package dev.spectacles.proxy.adapter.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spectacles.proxy.adapter.redis.FeedLane.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.redisson.api.stream.StreamMessageId;

/**
 * Entries of several streams in one order: by the millisecond of their ids, then by the rank of
 * their streams, then by the rest of the id. Not thread-safe.
 *
 * <p>Redis gives an id by its clock when it takes an entry, so whoever reads a stream to its end
 * gets all that is older than what any stream holds at that moment. An entry is given out when
 * every stream of which nothing waits was read to its end by the read that brought the entry, or a
 * later one. Only entries of the same millisecond may still come: what is younger than {@link
 * #HOLD_BACK_MILLIS} when it is asked for waits for so long after its arrival, and is given out
 * when the empty streams were read to their ends after that. How old an entry is, is told by the
 * server's clock; where it is wrong, such ties may be given out in the order of arrival.
 *
 * <p>The streams' ids have one clock on one server. The nodes of a cluster have one each, which may
 * differ by no more than the window.
 */
final class FeedMerge {
  /** How long an entry waits for others of its millisecond. */
  static final long HOLD_BACK_MILLIS = 30;

  private static final int MOST_AT_ONCE = 500;
  private static final int FIRST_AT_ONCE = 16;

  /** The client looks through all of an answer again with every part of it that arrives. */
  private static final long BYTES_AT_ONCE = 1 << 20;

  /** A stream that is read up to now is read again together with others, up to so many entries. */
  private static final int TOPPED_UP_TO = 200;

  private final List<FeedLane> lanes;
  private final long mostBytes;

  /**
   * Merge of these streams.
   *
   * @param mostBytes that wait, as far as the size of what comes can be told from what came
   */
  FeedMerge(List<FeedLane> lanes, long mostBytes) {
    this.lanes = List.copyOf(lanes);
    this.mostBytes = mostBytes;
  }

  List<FeedLane> lanes() {
    return lanes;
  }

  /** The next entry, if nothing can come before it any more. */
  Optional<Waiting> poll() {
    Optional<FeedLane> first = first();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    long completeAt = first.get().head().completeAt();
    for (FeedLane lane : lanes) {
      if (lane.isEmpty() && !lane.isDrainedSince(completeAt)) {
        return Optional.empty();
      }
    }
    return Optional.of(first.get().take());
  }

  /**
   * When to read again, by the monotonic clock, after there was nothing to be given out; nothing if
   * nobody can tell, as all streams were read to their ends and nothing waits.
   */
  OptionalLong readAt(long now) {
    if (lanes.stream().anyMatch(lane -> lane.isEmpty() && !lane.isDrained())) {
      return OptionalLong.of(now);
    }
    return first()
        .map(lane -> OptionalLong.of(lane.head().completeAt()))
        .orElse(OptionalLong.empty());
  }

  /** Whether nothing waits, and all streams were read to their ends at or after this moment. */
  boolean isExhaustedSince(long nanos) {
    return lanes.stream().allMatch(lane -> lane.isEmpty() && lane.isDrainedSince(nanos));
  }

  /** Streams to read now. */
  List<FeedLane> toRead() {
    return lanes.stream()
        .filter(lane -> lane.isEmpty() || (lane.isDrained() && lane.size() < TOPPED_UP_TO))
        .toList();
  }

  /** How many entries to ask for of each of these. */
  int count(List<FeedLane> reading) {
    if (reading.stream().anyMatch(lane -> !lane.wasEverRead())) {
      return FIRST_AT_ONCE;
    }
    long free = mostBytes - lanes.stream().mapToLong(FeedLane::bytes).sum();
    long each = Math.max(1, reading.stream().mapToLong(FeedLane::typicalSize).sum());
    long largest = reading.stream().mapToLong(FeedLane::typicalSize).max().orElse(1);
    return Math.clamp(Math.min(free / each, BYTES_AT_ONCE / largest), 1, MOST_AT_ONCE);
  }

  /**
   * Takes what a read brought.
   *
   * @param reading streams that were asked for
   * @param found entries by stream; none of a stream that had none
   * @param count how many of each were asked for
   * @param issuedAt when the read began, by the monotonic clock
   * @param serverMillis what the server's clock said then
   * @param now by the monotonic clock
   * @return entries that were handed out before and are not in their streams any more, by stream
   */
  Map<FeedLane, List<StreamMessageId>> accept(
      List<FeedLane> reading,
      Map<String, Map<StreamMessageId, Map<String, byte[]>>> found,
      int count,
      long issuedAt,
      long serverMillis,
      long now) {
    var gone = new HashMap<FeedLane, List<StreamMessageId>>();
    long fresh = serverMillis - HOLD_BACK_MILLIS;
    long settledAt = now + MILLISECONDS.toNanos(HOLD_BACK_MILLIS);
    for (FeedLane lane : reading) {
      var entries = found.getOrDefault(lane.stream(), Map.of());
      List<StreamMessageId> lost = lane.accept(entries, count, issuedAt, fresh, settledAt);
      if (!lost.isEmpty()) {
        gone.put(lane, new ArrayList<>(lost));
      }
    }
    return gone;
  }

  private Optional<FeedLane> first() {
    FeedLane first = null;
    for (FeedLane lane : lanes) {
      if (!lane.isEmpty() && (first == null || lane.isBefore(first))) {
        first = lane;
      }
    }
    return Optional.ofNullable(first);
  }
}
