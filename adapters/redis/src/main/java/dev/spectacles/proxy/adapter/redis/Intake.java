package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Way in of the entries of one group, from one stream or several: those of dead instances first,
 * then new ones.
 *
 * <p>One thread at a time takes; any other may stop it.
 *
 * @param <T> what an entry is to whoever takes it
 */
final class Intake<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** What becomes of entries. */
  interface Receipt<T> {
    /** The entry for whoever takes it; nothing if it was taken before. */
    Optional<T> receive(ConsumerGroup group, StreamCommands.Entry entry, boolean redelivered);
  }

  private final List<ConsumerGroup> groups;
  private final List<Orphans> orphans;
  private final Receipt<T> receipt;
  private final boolean cluster;
  private final Outage outage;
  private final RedisSettings settings;
  private final Clock clock;
  private final AtomicReference<@Nullable RFuture<?>> blocked = new AtomicReference<>();
  private final Deque<T> left = new ArrayDeque<>();
  private int turn;
  private volatile boolean stopped;

  /**
   * Intake that has taken nothing yet.
   *
   * @param groups of the same name, one of each stream
   */
  Intake(
      List<ConsumerGroup> groups,
      Receipt<T> receipt,
      Outage outage,
      RedisSettings settings,
      Clock clock) {
    this.groups = List.copyOf(groups);
    this.receipt = receipt;
    this.cluster = settings.url().topology() == RedisUrl.Topology.CLUSTER;
    this.outage = outage;
    this.settings = settings;
    this.clock = clock;
    long now = clock.nanoTime();
    this.orphans = groups.stream().map(group -> new Orphans(group, now)).toList();
  }

  /** Takes at most so many; empty when nothing came in that time. */
  List<T> take(int atMost, Duration wait) throws InterruptedException {
    for (Orphans lane : orphans) {
      List<T> claimed = claim(lane, atMost);
      if (!claimed.isEmpty()) {
        return claimed;
      }
    }
    if (left.isEmpty() && !stopped) {
      left.addAll(groups.size() == 1 || cluster ? readOne(atMost, wait) : readAll(atMost, wait));
    }
    var taken = new ArrayList<T>();
    while (taken.size() < atMost && !left.isEmpty()) {
      taken.add(left.removeFirst());
    }
    return taken;
  }

  /** Makes sure that all groups are there. */
  void ensureGroups() throws InterruptedException {
    for (ConsumerGroup group : groups) {
      group.ensure();
    }
  }

  /** Ends a wait that is on, and keeps another from beginning. */
  void stop() {
    stopped = true;
    RFuture<?> waiting = blocked.getAndSet(null);
    if (waiting != null) {
      waiting.cancel(true);
    }
  }

  /** Where the search for a dead instance's entries is in one stream. */
  private static final class Orphans {
    final ConsumerGroup group;
    StreamMessageId cursor = StreamMessageId.MIN;
    long claimAt;

    Orphans(ConsumerGroup group, long claimAt) {
      this.group = group;
      this.claimAt = claimAt;
    }
  }

  private List<T> claim(Orphans lane, int atMost) throws InterruptedException {
    if (clock.nanoTime() - lane.claimAt < 0 || ownersNeedTime()) {
      return List.of();
    }
    StreamCommands.Claimed claimed =
        lane.group.commands().claim(settings.minIdle(), lane.cursor, atMost);
    if (claimed.deleted() > 0) {
      LOG.warn(
          "{} entries of dead instances were deleted from {} before anybody dealt with them;"
              + " something other than the proxy trims it",
          claimed.deleted(),
          lane.group.commands().stream());
    }
    lane.cursor = claimed.next();
    if (lane.cursor.getId0() == 0 && lane.cursor.getId1() == 0) {
      lane.cursor = StreamMessageId.MIN;
      lane.claimAt = clock.nanoTime() + settings.claimInterval().toNanos();
    }
    return received(lane.group, claimed.entries(), true);
  }

  /**
   * Whether the server has just come back: the time it was away counts as idle, so everything that
   * others hold seems orphaned until they had a chance to say otherwise.
   */
  private boolean ownersNeedTime() {
    Optional<Duration> back = outage.since();
    return back.isPresent() && back.get().compareTo(settings.minIdle()) < 0;
  }

  /** Reads one stream, another one each time: a cluster may hold them on several nodes. */
  private List<T> readOne(int atMost, Duration wait) throws InterruptedException {
    ConsumerGroup group = groups.get(turn);
    turn = (turn + 1) % groups.size();
    return await(group.commands().read(atMost, wait.dividedBy(groups.size())))
        .map(found -> read(group, found))
        .orElse(List.of());
  }

  private List<T> readAll(int atMost, Duration wait) throws InterruptedException {
    var found =
        await(
            StreamCommands.read(
                groups.stream().map(ConsumerGroup::commands).toList(),
                Math.max(1, atMost / groups.size()),
                wait));
    var all = new ArrayList<T>();
    if (found.isPresent()) {
      for (ConsumerGroup group : groups) {
        all.addAll(read(group, found.get().getOrDefault(group.commands().stream(), Map.of())));
      }
    }
    return all;
  }

  private List<T> read(ConsumerGroup group, Map<StreamMessageId, Map<String, byte[]>> found) {
    if (found.isEmpty()) {
      return List.of();
    }
    var entries = new ArrayList<StreamCommands.Entry>(found.size());
    found.forEach((id, fields) -> entries.add(new StreamCommands.Entry(id, fields)));
    group.delivered(entries.getLast().id());
    return received(group, entries, false);
  }

  /** What was found; nothing if nothing was, or nobody shall wait any more. */
  private <F> Optional<F> await(RFuture<F> reading) throws InterruptedException {
    long attempt = outage.attempt();
    blocked.set(reading);
    if (stopped) {
      reading.cancel(true);
    }
    try {
      Optional<F> found = Optional.ofNullable(reading.get());
      outage.over(attempt);
      return found;
    } catch (InterruptedException e) {
      reading.cancel(true);
      throw e;
    } catch (CancellationException e) {
      // Drained. What the server may have handed out meanwhile goes to others on closing.
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisException failure) {
        throw failure;
      }
      throw new RedisException(e.getCause());
    } finally {
      blocked.set(null);
    }
  }

  private List<T> received(
      ConsumerGroup group, List<StreamCommands.Entry> entries, boolean redelivered) {
    var all = new ArrayList<T>(entries.size());
    entries.forEach(entry -> receipt.receive(group, entry, redelivered).ifPresent(all::add));
    return all;
  }
}
