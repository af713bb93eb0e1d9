package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.redisson.api.stream.StreamMessageId;

/** One stream of a feed: how far it was read, and what of it nobody got yet. Not thread-safe. */
final class FeedLane {
  /** Before every entry. */
  static final StreamMessageId START = new StreamMessageId(0, 0);

  static final Comparator<StreamMessageId> ORDER =
      Comparator.comparingLong(StreamMessageId::getId0).thenComparingLong(StreamMessageId::getId1);

  /** What is not known to be smaller may have so many bytes. */
  private static final int USUAL_SIZE = 4096;

  /**
   * Entry that was read.
   *
   * @param completeAt where another stream was read to its end at or after this moment of the
   *     monotonic clock, nothing that comes before this entry can come from it any more
   */
  record Waiting(
      FeedLane lane, StreamMessageId id, Map<String, byte[]> fields, int size, long completeAt) {}

  private final String stream;
  private final int rank;
  private final Share share;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long bytes;
  private long typicalSize = USUAL_SIZE;
  private boolean everRead;
  private boolean known;
  private StreamMessageId position = START;
  private StreamMessageId announced = START;
  private StreamMessageId acked = START;
  private Optional<FeedState> lack = Optional.empty();
  private StreamMessageId lackPassed = START;
  // Entries of ours that were handed out before, and are not read again yet.
  private boolean history;
  private boolean drained;
  private long drainedAt;

  /**
   * Lane of which nothing was read.
   *
   * @param rank place among entries of the same millisecond, the lowest first
   */
  FeedLane(String stream, int rank, Share share) {
    this.stream = stream;
    this.rank = rank;
    this.share = share;
    this.history = share == Share.ONE_INSTANCE;
  }

  String stream() {
    return stream;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  long bytes() {
    return bytes;
  }

  /** Bytes that an entry is expected to have. */
  long typicalSize() {
    return typicalSize;
  }

  boolean wasEverRead() {
    return everRead;
  }

  /** Whether the last read came to the end of the stream. */
  boolean isDrained() {
    return drained;
  }

  /** Whether the stream was read to its end at or after this moment. */
  boolean isDrainedSince(long nanos) {
    return drained && drainedAt - nanos >= 0;
  }

  /** Next entry; there has to be one. */
  Waiting head() {
    return waiting.element();
  }

  Waiting take() {
    Waiting head = waiting.remove();
    bytes -= head.size();
    return head;
  }

  /** Whether its next entry comes before that of the other. */
  boolean isBefore(FeedLane other) {
    StreamMessageId one = head().id();
    StreamMessageId two = other.head().id();
    if (one.getId0() != two.getId0()) {
      return one.getId0() < two.getId0();
    }
    return rank != other.rank ? rank < other.rank : one.getId1() < two.getId1();
  }

  /** Id after which to read on. */
  StreamMessageId next() {
    return share == Share.EVERY_INSTANCE || history ? position : StreamMessageId.NEVER_DELIVERED;
  }

  /** Id after which an entry is news. */
  StreamMessageId lastHeardOf() {
    return ORDER.compare(announced, position) > 0 ? announced : position;
  }

  /** There is an entry of this id; reading has yet to bring it. */
  void announced(StreamMessageId id) {
    announced = id;
  }

  /** The last entry that was read, at its start if none was. */
  StreamMessageId position() {
    return position;
  }

  /** Whether all that was handed out before is read again. */
  boolean isPastHistory() {
    return !history;
  }

  /** Whether it was looked at since the feed was opened. */
  boolean isKnown() {
    return known;
  }

  /**
   * Takes what a read brought.
   *
   * @param count how many it asked for
   * @param issuedAt when it began, by the monotonic clock
   * @param fresh milliseconds since 1970 from which on an entry is so new that one of the same
   *     millisecond may still come from another stream
   * @param settledAt when that is over
   * @return entries that were handed out before and are not in the stream any more
   */
  List<StreamMessageId> accept(
      Map<StreamMessageId, Map<String, byte[]>> entries,
      int count,
      long issuedAt,
      long fresh,
      long settledAt) {
    everRead = true;
    var gone = new ArrayList<StreamMessageId>();
    long sum = 0;
    for (var entry : entries.entrySet()) {
      StreamMessageId id = entry.getKey();
      position = id;
      if (entry.getValue().isEmpty()) {
        gone.add(id);
        continue;
      }
      int size = entry.getValue().values().stream().mapToInt(value -> value.length).sum();
      sum += size;
      long completeAt = id.getId0() >= fresh ? settledAt : issuedAt;
      waiting.add(new Waiting(this, id, entry.getValue(), size, completeAt));
    }
    bytes += sum;
    if (!entries.isEmpty()) {
      typicalSize = Math.max(1, sum / entries.size());
    }
    boolean last = entries.size() < count;
    drained = last && !history;
    drainedAt = issuedAt;
    if (last) {
      history = false;
    }
    return gone;
  }

  /** By this state entries are missing, which is to be told. */
  void lacks(FeedState state) {
    lack = Optional.of(state);
  }

  /** State by which entries are missing, until that is dealt with. */
  Optional<FeedState> lack() {
    return lack;
  }

  /** That entries are missing was dealt with. */
  void lackPassed() {
    lack.ifPresent(state -> lackPassed = state.first().orElse(state.last()));
    lack = Optional.empty();
  }

  /** The later of this entry and what is known to be missing before. */
  StreamMessageId lackKnownAfter(StreamMessageId id) {
    return ORDER.compare(lackPassed, id) > 0 ? lackPassed : id;
  }

  /** All up to this entry is dealt with. */
  void acked(StreamMessageId id) {
    acked = id;
  }

  /**
   * What an answer brought may be lost: reads again what may have been handed out after the last
   * entry that arrived.
   */
  void resume(StreamMessageId lastDelivered) {
    known = true;
    drained = false;
    history = share == Share.ONE_INSTANCE;
    announced = lastDelivered;
  }

  /** Forgets what was read and not acked: it is to be read again. */
  void rewind() {
    forget(share == Share.EVERY_INSTANCE ? acked : START);
  }

  /** Begins from the oldest entry there is. */
  void restart() {
    acked = START;
    lack = Optional.empty();
    lackPassed = START;
    forget(START);
  }

  private void forget(StreamMessageId from) {
    waiting.clear();
    bytes = 0;
    position = from;
    announced = START;
    drained = false;
    history = share == Share.ONE_INSTANCE;
  }
}
