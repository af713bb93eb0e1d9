package dev.spectacles.proxy.adapter.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.FastAutoClaimResult;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamMultiReadGroupArgs;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.RedisException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;

/**
 * Every command on one stream for one consumer of one group.
 *
 * <p>Thread-safe. Methods block, respond to interruption and throw {@link RedisException}, whose
 * message must not be passed on: see {@link Failures}.
 */
final class StreamCommands {
  /** Field with the payload. */
  static final String DATA = "data";

  /** Field names as text, values as they are. */
  static final Codec ENTRY =
      new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE, ByteArrayCodec.INSTANCE);

  /** What the server says of itself; the policy is empty where it may not be asked. */
  record About(String version, String evictionPolicy, long micros) {
    boolean mayEvict() {
      return !evictionPolicy.isEmpty() && !evictionPolicy.equals("noeviction");
    }
  }

  /** Group that is there now; all after {@code at} was undelivered when it was looked at. */
  record Group(String generation, boolean created, String at) {}

  /** Part of the pending entries that are idle for too long, taken over. */
  record Claimed(List<Entry> entries, int deleted, StreamMessageId next) {}

  /** Request as it lies in the stream. */
  record Entry(StreamMessageId id, Map<String, byte[]> fields) {}

  /** Entry that could not be kept fresh: taken by another consumer, or out of everybody's reach. */
  record Unkept(StreamMessageId id, boolean taken) {}

  /** Answer of {@link #markSent}. */
  enum Marked {
    YES,
    NOT_OURS,
    BY_ANOTHER
  }

  private static final long MARKER_SECONDS = TimeUnit.HOURS.toSeconds(24);
  private static final int COUNT_AT_MOST = 1_000;
  private static final int TRIM_AT_ONCE = 10_000;

  private final RedissonClient commands;
  private final RedissonClient reader;
  private final String event;
  private final String group;
  private final String consumer;
  private final String generationKey;

  StreamCommands(
      RedissonClient commands, RedissonClient reader, String event, String group, String consumer) {
    this.commands = commands;
    this.reader = reader;
    this.event = event;
    this.group = group;
    this.consumer = consumer;
    this.generationKey = "sp:generation:" + slotOf(event) + ":" + group;
  }

  /** Channel that the caller of this entry listens on. */
  static String channel(String event, StreamMessageId id) {
    return event + ":" + id;
  }

  /** Version, eviction policy and clock of the server. */
  About about() throws InterruptedException {
    List<String> found = list(Script.ABOUT, List.of(event));
    long micros = Long.parseLong(found.get(2)) * 1_000_000 + Long.parseLong(found.get(3));
    return new About(found.get(0), found.get(1), micros);
  }

  String stream() {
    return event;
  }

  String group() {
    return group;
  }

  String consumer() {
    return consumer;
  }

  /**
   * Makes sure that the group is there, after this entry if it was there before and is gone.
   *
   * @param start id that a group begins after which nobody knows to have been there
   */
  Group createGroup(String lastSeen, String generation, String start) throws InterruptedException {
    List<String> made =
        list(
            Script.CREATE_GROUP, List.of(event, generationKey), group, lastSeen, generation, start);
    return new Group(made.get(0), made.get(1).equals("1"), made.get(2));
  }

  /** Starts to wait for entries that nobody of the group has had; cancelling it frees the wait. */
  RFuture<Map<StreamMessageId, Map<String, byte[]>>> read(int atMost, Duration wait) {
    StreamReadGroupArgs args = StreamReadGroupArgs.neverDelivered().count(atMost);
    if (wait.toMillis() > 0) {
      // Redis takes 0 for "for ever"; without the argument it does not wait.
      args = args.timeout(Duration.ofMillis(wait.toMillis()));
    }
    RStream<String, byte[]> stream = reader.getStream(event, ENTRY);
    return stream.readGroupAsync(group, consumer, args);
  }

  /**
   * Like {@link #read}, of several streams, which have to be on one node; at most so many of each.
   */
  static RFuture<Map<String, Map<StreamMessageId, Map<String, byte[]>>>> read(
      List<StreamCommands> streams, int atMostEach, Duration wait) {
    StreamCommands first = streams.getFirst();
    var others = new LinkedHashMap<String, StreamMessageId>();
    for (StreamCommands other : streams.subList(1, streams.size())) {
      others.put(other.event, StreamMessageId.NEVER_DELIVERED);
    }
    StreamMultiReadGroupArgs args =
        StreamMultiReadGroupArgs.greaterThan(StreamMessageId.NEVER_DELIVERED, others)
            .count(atMostEach);
    if (wait.toMillis() > 0) {
      args = args.timeout(Duration.ofMillis(wait.toMillis()));
    }
    RStream<String, byte[]> stream = first.reader.getStream(first.event, ENTRY);
    return stream.readGroupAsync(first.group, first.consumer, args);
  }

  /** Takes over what others have not touched for that long. */
  Claimed claim(Duration minIdle, StreamMessageId from, int atMost) throws InterruptedException {
    RStream<String, byte[]> stream = commands.getStream(event, ENTRY);
    FastAutoClaimResult claimed =
        await(
            stream.fastAutoClaimAsync(
                group, consumer, minIdle.toMillis(), TimeUnit.MILLISECONDS, from, atMost));
    var entries = new ArrayList<Entry>();
    var gone = new ArrayList<StreamMessageId>();
    for (StreamMessageId id : claimed.getIds()) {
      var found = await(stream.rangeAsync(StreamRangeArgs.startId(id).endId(id)));
      if (found.isEmpty()) {
        gone.add(id);
      } else {
        entries.add(new Entry(id, found.values().iterator().next()));
      }
    }
    if (!gone.isEmpty()) {
      await(stream.ackAsync(group, gone.toArray(StreamMessageId[]::new)));
    }
    return new Claimed(entries, gone.size(), claimed.getNextId());
  }

  /** Resets the idle time of these entries and returns those where that was impossible. */
  List<Unkept> keep(Collection<StreamMessageId> ids, String generation)
      throws InterruptedException {
    List<Object> args = arguments(ids, group, consumer, generation);
    List<String> failed = list(Script.KEEP, List.of(event, generationKey), args.toArray());
    var unkept = new ArrayList<Unkept>();
    for (int i = 0; i < failed.size(); i += 2) {
      unkept.add(new Unkept(parse(failed.get(i)), failed.get(i + 1).equals("taken")));
    }
    return unkept;
  }

  /** Whether somebody noted that this entry is about to be sent. */
  boolean isMarked(StreamMessageId id) throws InterruptedException {
    return await(commands.getBucket(marker(id), StringCodec.INSTANCE).isExistsAsync());
  }

  /** Notes that this entry is about to be sent, if it is still this consumer's. */
  Marked markSent(StreamMessageId id, String generation) throws InterruptedException {
    RScriptAsync script = commands.getScript(StringCodec.INSTANCE);
    long answer =
        await(
            script.<Long>evalAsync(
                Mode.READ_WRITE,
                Script.MARK_SENT.source(),
                ReturnType.LONG,
                List.of(event, generationKey, marker(id)),
                group,
                consumer,
                generation,
                id.toString(),
                MARKER_SECONDS));
    return answer == 1 ? Marked.YES : answer == 0 ? Marked.NOT_OURS : Marked.BY_ANOTHER;
  }

  /** Collects commands to be sent together. */
  RBatch batch() {
    return commands.createBatch(BatchOptions.defaults());
  }

  /** Adds an answer; its result is how many received it. */
  RFuture<Long> publish(RBatch batch, StreamMessageId id, byte[] answer) {
    return batch.getTopic(channel(event, id), ByteArrayCodec.INSTANCE).publishAsync(answer);
  }

  /** Adds the ack of these entries, with their markers. */
  RFuture<Long> settle(RBatch batch, Collection<StreamMessageId> ids) {
    var keys = new ArrayList<Object>(ids.size() + 1);
    keys.add(event);
    ids.forEach(id -> keys.add(marker(id)));
    return batch
        .getScript(StringCodec.INSTANCE)
        .evalAsync(
            Mode.READ_WRITE,
            Script.SETTLE.source(),
            ReturnType.LONG,
            keys,
            arguments(ids, group, consumer).toArray());
  }

  /** Takes this entry off the pending ones, whoever holds it. */
  void ack(StreamMessageId id) throws InterruptedException {
    await(commands.<String, byte[]>getStream(event, ENTRY).ackAsync(group, id));
  }

  /**
   * Removes entries that every group is done with.
   *
   * @return number removed, then the names of groups that count as abandoned
   */
  List<String> trim(Duration abandonedAfter) throws InterruptedException {
    return list(Script.TRIM, List.of(event), group, abandonedAfter.toMillis(), TRIM_AT_ONCE);
  }

  /** How many entries the group was not given yet, if there is such a group. */
  OptionalLong backlog() throws InterruptedException {
    long found = number(Script.BACKLOG, group, COUNT_AT_MOST);
    return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }

  /** Removes consumers of this group that are gone for good. */
  long sweep(Duration idle) throws InterruptedException {
    return number(Script.SWEEP, group, consumer, idle.toMillis());
  }

  /** Hands over what is pending, or removes this consumer if nothing is. */
  long leave(Duration idle) throws InterruptedException {
    return number(Script.LEAVE, group, consumer, idle.toMillis());
  }

  /** Waits for a result; an interruption cancels it. */
  static <T> T await(RFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (CancellationException e) {
      throw new RedisException("cancelled", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisException failure) {
        throw failure;
      }
      throw new RedisException(e.getCause());
    }
  }

  private long number(Script script, Object... args) throws InterruptedException {
    return await(
        commands
            .getScript(StringCodec.INSTANCE)
            .<Long>evalAsync(
                Mode.READ_WRITE, script.source(), ReturnType.LONG, List.of(event), args));
  }

  private List<String> list(Script script, List<Object> keys, Object... args)
      throws InterruptedException {
    return await(
        commands
            .getScript(StringCodec.INSTANCE)
            .<List<String>>evalAsync(
                Mode.READ_WRITE, script.source(), ReturnType.LIST, keys, args));
  }

  private static List<Object> arguments(Collection<StreamMessageId> ids, String... first) {
    var args = new ArrayList<Object>(List.of(first));
    ids.forEach(id -> args.add(id.toString()));
    return args;
  }

  private String marker(StreamMessageId id) {
    return "sp:sent:" + slotOf(event) + ":" + id;
  }

  /** The event in a form that puts a key with it on the stream's own node of a cluster. */
  private static String slotOf(String event) {
    int open = event.indexOf('{');
    boolean tagged = open >= 0 && event.indexOf('}', open) > open + 1;
    return tagged ? event : "{" + event + "}";
  }

  /** Id of this text. */
  static StreamMessageId parse(String id) {
    int dash = id.indexOf('-');
    return new StreamMessageId(
        Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
  }
}
