package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.PendingResult;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamMultiReadArgs;
import org.redisson.api.stream.StreamMultiReadGroupArgs;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Every command on the streams of a feed.
 *
 * <p>Thread-safe. Methods block, respond to interruption and throw {@link RedisException}, whose
 * message must not be passed on: see {@link Failures}.
 */
final class FeedCommands {
  /**
   * The same for all instances, as one reads at a time: what it left is pending for the next one.
   */
  private static final String CONSUMER = "feed";

  private final RedissonClient commands;
  private final Share share;
  private final String group;
  private final boolean cluster;
  private final ServerTime time;

  /**
   * Commands of this feed.
   *
   * @param commands client that repeats nothing by itself
   * @param group of the subscriber; not used where every instance reads
   */
  FeedCommands(
      RedissonClient commands, Share share, String group, boolean cluster, ServerTime time) {
    this.commands = commands;
    this.share = share;
    this.group = group;
    this.cluster = cluster;
    this.time = time;
  }

  /** Whether the streams may be on several nodes. */
  boolean isCluster() {
    return cluster;
  }

  /** What the server's clock said at this moment of the monotonic clock, in milliseconds. */
  long serverMillis(long nanos) {
    return time.millisAt(nanos);
  }

  /** What is known of each of these; makes sure that their groups are there. */
  List<FeedState> states(List<FeedLane> lanes) throws InterruptedException {
    RBatch batch = commands.createBatch(BatchOptions.defaults());
    var answers = new ArrayList<RFuture<List<String>>>();
    for (FeedLane lane : lanes) {
      answers.add(
          batch
              .getScript(StringCodec.INSTANCE)
              .evalAsync(
                  Mode.READ_WRITE,
                  Script.FEED_STATE.source(),
                  ReturnType.LIST,
                  List.of(lane.stream()),
                  share == Share.ONE_INSTANCE ? group : ""));
    }
    StreamCommands.await(batch.executeAsync());
    var states = new ArrayList<FeedState>();
    for (RFuture<List<String>> answer : answers) {
      states.add(FeedState.of(StreamCommands.await(answer)));
    }
    return states;
  }

  /**
   * Has the server count what the group missed by this state as read: Redis 7.0 counts only what it
   * handed out, and would tell for ever that entries were removed unread.
   */
  void pass(FeedLane lane, FeedState state) throws InterruptedException {
    if (state.removed().isEmpty()) {
      return;
    }
    OptionalLong read = state.readPastGap();
    Object unused =
        StreamCommands.await(
            commands
                .getScript(StringCodec.INSTANCE)
                .evalAsync(
                    Mode.READ_WRITE,
                    Script.FEED_PASS.source(),
                    ReturnType.LONG,
                    List.of(lane.stream()),
                    group,
                    state.delivered().toString(),
                    read.isPresent() ? Long.toString(read.getAsLong()) : ""));
  }

  /** Reads on in these, at most so many entries of each, without waiting for any. */
  Map<String, Map<StreamMessageId, Map<String, byte[]>>> read(List<FeedLane> lanes, int count)
      throws InterruptedException {
    if (!cluster) {
      return StreamCommands.await(reading(lanes, count));
    }
    var each = lanes.stream().map(lane -> reading(List.of(lane), count)).toList();
    var found = new HashMap<String, Map<StreamMessageId, Map<String, byte[]>>>();
    for (var reading : each) {
      found.putAll(StreamCommands.await(reading));
    }
    return found;
  }

  /**
   * Starts to wait for an entry in any of these that was not heard of; it is not handed out by
   * that, so nothing is lost when the wait is cancelled and the server does not know it yet. Not
   * for a cluster.
   */
  RFuture<Map<String, Map<StreamMessageId, Map<String, byte[]>>>> news(
      List<FeedLane> lanes, Duration wait) {
    FeedLane first = lanes.getFirst();
    var others = new LinkedHashMap<String, StreamMessageId>();
    lanes.stream().skip(1).forEach(lane -> others.put(lane.stream(), lane.lastHeardOf()));
    RStream<String, byte[]> stream = commands.getStream(first.stream(), StreamCommands.ENTRY);
    return stream.readAsync(
        StreamMultiReadArgs.greaterThan(first.lastHeardOf(), others)
            .count(1)
            .timeout(Duration.ofMillis(Math.max(1, wait.toMillis()))));
  }

  /** Takes these entries off the pending ones. */
  void ack(Map<FeedLane, List<StreamMessageId>> entries) throws InterruptedException {
    RBatch batch = commands.createBatch(BatchOptions.defaults());
    var acks = new ArrayList<RFuture<Long>>();
    entries.forEach(
        (lane, ids) ->
            acks.add(
                batch
                    .<String, byte[]>getStream(lane.stream(), StreamCommands.ENTRY)
                    .ackAsync(group, ids.toArray(StreamMessageId[]::new))));
    StreamCommands.await(batch.executeAsync());
    for (RFuture<Long> ack : acks) {
      long unused = StreamCommands.await(ack);
    }
  }

  /** How many entries of these were handed out and not acked. */
  long pending(List<FeedLane> lanes) throws InterruptedException {
    RBatch batch = commands.createBatch(BatchOptions.defaults());
    var answers = new ArrayList<RFuture<PendingResult>>();
    for (FeedLane lane : lanes) {
      answers.add(batch.getStream(lane.stream(), StreamCommands.ENTRY).getPendingInfoAsync(group));
    }
    StreamCommands.await(batch.executeAsync());
    long sum = 0;
    for (RFuture<PendingResult> answer : answers) {
      sum += StreamCommands.await(answer).getTotal();
    }
    return sum;
  }

  private RFuture<Map<String, Map<StreamMessageId, Map<String, byte[]>>>> reading(
      List<FeedLane> lanes, int count) {
    FeedLane first = lanes.getFirst();
    var others = new LinkedHashMap<String, StreamMessageId>();
    lanes.stream().skip(1).forEach(lane -> others.put(lane.stream(), lane.next()));
    RStream<String, byte[]> stream = commands.getStream(first.stream(), StreamCommands.ENTRY);
    return share == Share.ONE_INSTANCE
        ? stream.readGroupAsync(
            group,
            CONSUMER,
            StreamMultiReadGroupArgs.greaterThan(first.next(), others).count(count))
        : stream.readAsync(StreamMultiReadArgs.greaterThan(first.next(), others).count(count));
  }
}
