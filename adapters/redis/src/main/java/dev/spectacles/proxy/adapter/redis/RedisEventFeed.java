package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.redis.FeedLane.Waiting;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EventFeed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of several streams in one order, as {@link FeedMerge} tells it.
 *
 * <p>For one instance: a consumer group of each stream, created before the first entry, with one
 * consumer for all instances; what is not acked stays pending for it. For every instance: reads
 * from the oldest entry, without a group. Streams are not trimmed: how long they are kept is their
 * publisher's to say, and readers of either kind may begin with the oldest entry.
 *
 * <p>A gap is told where entries may have been removed before they were read, where the server has
 * lost entries or the group, and where another reader was handed entries in between. It is told
 * before anything after it is read, so that whoever reads next finds it again if nobody dealt with
 * it.
 */
final class RedisEventFeed implements EventFeed {
  private static final Logger LOG = LoggerFactory.getLogger(RedisEventFeed.class);

  private static final long MOST_BYTES = 64L << 20;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final Duration CLUSTER_POLL = Duration.ofMillis(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final long CHECK_INTERVAL = Duration.ofSeconds(2).toNanos();

  /** Entry that was given out and not acked. */
  private record Given(FeedLane lane, StreamMessageId id) {
    boolean is(Fed event) {
      return id.toString().equals(event.id()) && lane.stream().equals(event.name());
    }
  }

  private final Share share;
  private final FeedMerge merge;
  private final Outage outage;
  private final Clock clock;
  private final FeedWaits waits = new FeedWaits();

  private final Deque<Given> given = new ArrayDeque<>();
  // Whether an answer may have been lost, or the server may be another one.
  private boolean inDoubt = true;
  private boolean gap;
  private boolean gapTold;
  // Whether a gap is dealt with that the server does not know to be.
  private boolean gapPassed;
  // Entries that were handed out before, and are not in their streams any more.
  private final Map<FeedLane, List<StreamMessageId>> lost = new HashMap<>();
  private boolean upToDate;
  private long checkAt;

  RedisEventFeed(List<String> names, Share share, Outage outage, Clock clock) {
    this.share = share;
    this.outage = outage;
    this.clock = clock;
    var lanes = new ArrayList<FeedLane>();
    for (String name : new LinkedHashSet<>(names)) {
      lanes.add(new FeedLane(name, lanes.size(), share));
    }
    this.merge = new FeedMerge(lanes, MOST_BYTES);
  }

  /** The server was reached. */
  void opened(FeedCommands commands) {
    waits.opened(commands);
  }

  @Override
  public Batch receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    gapPassed |= gapTold;
    gapTold = false;
    upToDate = false;
    var taken = new FedBatch(atMost);
    boolean filled = false;
    try {
      if (!gap) {
        fill(taken, wait);
      }
      filled = true;
    } finally {
      if (!filled) {
        // Interrupted: nobody gets what was taken.
        release();
      }
    }
    gapTold = gap && taken.isEmpty();
    upToDate &= !gap;
    gap &= !gapTold;
    return new Batch(taken.events(), gapTold, upToDate);
  }

  private void fill(FedBatch taken, Duration wait) throws InterruptedException {
    long start = clock.nanoTime();
    long end = start + wait.toNanos();
    var commands = waits.awaitCommands(wait);
    Duration pause = FIRST_PAUSE;
    boolean goesOn = commands.isPresent();
    while (goesOn && !waits.areOver()) {
      try {
        ensure(commands.get());
        goesOn = !gap && step(commands.get(), taken, start, end) && clock.nanoTime() - end < 0;
        pause = FIRST_PAUSE;
      } catch (RedisException e) {
        inDoubt = true;
        upToDate = false;
        if (!Failures.isGroupGone(e)) {
          outage.noticed(e);
          waits.pause(shorter(pause, left(end)));
          pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        }
        goesOn = taken.isEmpty() && clock.nanoTime() - end < 0;
      }
    }
  }

  @Override
  public void ack(Batch batch) throws InterruptedException {
    if (batch.events().isEmpty()) {
      return;
    }
    Fed last = batch.events().getLast();
    if (waits.areClosed() || given.stream().noneMatch(each -> each.is(last))) {
      throw new BrokerException(
          "Event " + last.id() + " of " + last.name() + " is left to whoever reads next");
    }
    var ids = new HashMap<FeedLane, List<StreamMessageId>>();
    int count = 0;
    for (Given each : given) {
      ids.computeIfAbsent(each.lane(), any -> new ArrayList<>()).add(each.id());
      count++;
      if (each.is(last)) {
        break;
      }
    }
    if (share == Share.ONE_INSTANCE) {
      acked(ids);
    }
    ids.forEach((lane, acked) -> lane.acked(acked.getLast()));
    for (int i = 0; i < count; i++) {
      given.remove();
    }
  }

  @Override
  public void release() {
    given.clear();
    merge.lanes().forEach(FeedLane::rewind);
    gap |= gapTold;
    gapTold = false;
    inDoubt = true;
  }

  /** Ends a wait that is on; nothing is taken any more. */
  void drain() {
    waits.end();
  }

  /** What is not acked stays pending, for whoever reads next. */
  @Override
  public void close() {
    waits.close();
  }

  /**
   * Adds what can be given out; waits for it only as long as there is nothing.
   *
   * @return whether to go on
   */
  private boolean step(FeedCommands commands, FedBatch taken, long start, long end)
      throws InterruptedException {
    take(taken);
    if (taken.isFull()) {
      return false;
    }
    boolean waiting = taken.isEmpty();
    long now = clock.nanoTime();
    OptionalLong readAt = merge.readAt(now);
    if (readAt.isPresent() && readAt.getAsLong() - now > 0) {
      if (waiting) {
        waits.pause(shorter(Duration.ofNanos(readAt.getAsLong() - now), left(end)));
      }
      return waiting;
    }
    if (readAt.isEmpty()) {
      boolean looks = waiting && awaitNews(commands, shorter(left(end), LONGEST_WAIT));
      // Without news it has to be asked whether that is because the server is away.
      if (!looks && (!waiting || left(end).isPositive() || waits.areOver())) {
        return waiting;
      }
    }
    read(commands);
    if (gap) {
      return false;
    }
    take(taken);
    upToDate = merge.isExhaustedSince(start);
    return !taken.isFull();
  }

  private void take(FedBatch taken) {
    while (!taken.isFull()) {
      var next = merge.poll();
      if (next.isEmpty()) {
        return;
      }
      Waiting entry = next.get();
      Fed event = FeedEvents.of(entry);
      given.add(new Given(entry.lane(), entry.id()));
      taken.add(event);
    }
  }

  private void read(FeedCommands commands) throws InterruptedException {
    List<FeedLane> reading = merge.toRead();
    int count = merge.count(reading);
    long issuedAt = clock.nanoTime();
    inDoubt = true;
    long attempt = outage.attempt();
    var found = commands.read(reading, count);
    outage.over(attempt);
    var gone =
        merge.accept(
            reading, found, count, issuedAt, commands.serverMillis(issuedAt), clock.nanoTime());
    if (!gone.isEmpty()) {
      gap = true;
      lost.putAll(gone);
    }
    inDoubt = false;
  }

  /** Waits for something to read; says whether it is worth to look. */
  private boolean awaitNews(FeedCommands commands, Duration wait) throws InterruptedException {
    if (commands.isCluster()) {
      waits.pause(shorter(wait, CLUSTER_POLL));
      return true;
    }
    var found = waits.await(commands.news(merge.lanes(), wait));
    for (FeedLane lane : merge.lanes()) {
      found.getOrDefault(lane.stream(), Map.of()).keySet().forEach(lane::announced);
    }
    return !found.isEmpty();
  }

  /**
   * Makes sure that the groups are there, that nothing is missed and that nobody else reads. Not
   * only after a failure: the client restores a connection, and a read that waits, without a word.
   */
  private void ensure(FeedCommands commands) throws InterruptedException {
    if (gapPassed) {
      pass(commands);
    }
    if (!inDoubt && clock.nanoTime() - checkAt < 0) {
      return;
    }
    if (!inDoubt && isReadByOthers(commands)) {
      LOG.warn("Another reader was handed events of this feed; they come again, out of order");
      merge.lanes().forEach(FeedLane::rewind);
      gap = true;
    }
    inDoubt = true;
    long attempt = outage.attempt();
    List<FeedState> states = commands.states(merge.lanes());
    for (int i = 0; i < states.size(); i++) {
      resume(merge.lanes().get(i), states.get(i));
    }
    outage.over(attempt);
    inDoubt = false;
    checkAt = clock.nanoTime() + CHECK_INTERVAL;
  }

  /** Has the server forget the gap that was told, so that nobody finds it again. */
  private void pass(FeedCommands commands) throws InterruptedException {
    if (!lost.isEmpty()) {
      commands.ack(lost);
      lost.clear();
    }
    for (FeedLane lane : merge.lanes()) {
      if (share == Share.ONE_INSTANCE && lane.lack().isPresent()) {
        commands.pass(lane, lane.lack().get());
      }
      lane.lackPassed();
    }
    gapPassed = false;
  }

  private void resume(FeedLane lane, FeedState state) {
    boolean groupLost = state.created() && lane.isKnown();
    if (groupLost || state.isBehind(lane.position())) {
      LOG.warn("Redis lost events of {} or their group; beginning with the oldest", lane.stream());
      gap = true;
      lane.restart();
    } else if (state.mayLackAfter(
        lane.lackKnownAfter(share == Share.ONE_INSTANCE ? state.delivered() : lane.position()))) {
      lane.lacks(state);
      LOG.warn("Events of {} may have been removed before they were read", lane.stream());
      gap = true;
    }
    lane.resume(state.delivered());
  }

  /** Whether more is pending than was read, such as by an instance that did not know its time. */
  private boolean isReadByOthers(FeedCommands commands) throws InterruptedException {
    if (share == Share.EVERY_INSTANCE
        || !given.isEmpty()
        || !merge.lanes().stream().allMatch(FeedLane::isPastHistory)) {
      return false;
    }
    long read = merge.lanes().stream().mapToLong(FeedLane::size).sum();
    return commands.pending(merge.lanes()) > read;
  }

  private void acked(Map<FeedLane, List<StreamMessageId>> ids) throws InterruptedException {
    try {
      waits.commands().ack(ids);
    } catch (RedisException e) {
      outage.noticed(e);
      throw Failures.failed("The ack of events", e);
    }
  }

  private Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - clock.nanoTime()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
