package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import java.time.Duration;
import java.util.ArrayList;
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
 * Way in of all requests: those of dead instances first, then new ones.
 *
 * <p>One thread at a time takes; any other may stop it.
 */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Session session;
  private final HeldEntries held;
  private final ReplyPump replies;
  private final Outage outage;
  private final RedisSettings settings;
  private final Clock clock;
  private final AtomicReference<@Nullable RFuture<?>> blocked = new AtomicReference<>();
  private StreamMessageId cursor = StreamMessageId.MIN;
  private long claimAt;
  private volatile boolean stopped;

  Intake(
      Session session,
      HeldEntries held,
      ReplyPump replies,
      Outage outage,
      RedisSettings settings,
      Clock clock) {
    this.session = session;
    this.held = held;
    this.replies = replies;
    this.outage = outage;
    this.settings = settings;
    this.clock = clock;
    this.claimAt = clock.nanoTime();
  }

  /** Takes at most so many; empty when nothing came in that time. */
  List<Delivery> take(int atMost, Duration wait) throws InterruptedException {
    List<Delivery> orphans = claim(atMost);
    return orphans.isEmpty() && !stopped ? read(atMost, wait) : orphans;
  }

  /** Ends a wait that is on, and keeps another from beginning. */
  void stop() {
    stopped = true;
    RFuture<?> waiting = blocked.getAndSet(null);
    if (waiting != null) {
      waiting.cancel(true);
    }
  }

  private List<Delivery> claim(int atMost) throws InterruptedException {
    if (clock.nanoTime() - claimAt < 0 || ownersNeedTime()) {
      return List.of();
    }
    StreamCommands.Claimed claimed = session.commands().claim(settings.minIdle(), cursor, atMost);
    if (claimed.deleted() > 0) {
      LOG.warn(
          "{} requests of dead instances were deleted from the stream before anybody answered them;"
              + " something other than the proxy trims it",
          claimed.deleted());
    }
    cursor = claimed.next();
    if (cursor.getId0() == 0 && cursor.getId1() == 0) {
      cursor = StreamMessageId.MIN;
      claimAt = clock.nanoTime() + settings.claimInterval().toNanos();
    }
    return deliver(claimed.entries(), true);
  }

  /**
   * Whether the server has just come back: the time it was away counts as idle, so everything that
   * others hold seems orphaned until they had a chance to say otherwise.
   */
  private boolean ownersNeedTime() {
    Optional<Duration> back = outage.since();
    return back.isPresent() && back.get().compareTo(settings.minIdle()) < 0;
  }

  private List<Delivery> read(int atMost, Duration wait) throws InterruptedException {
    RFuture<Map<StreamMessageId, Map<String, byte[]>>> reading =
        session.commands().read(atMost, wait);
    blocked.set(reading);
    if (stopped) {
      reading.cancel(true);
    }
    try {
      Map<StreamMessageId, Map<String, byte[]>> found = reading.get();
      outage.over();
      if (found == null || found.isEmpty()) {
        return List.of();
      }
      var entries = new ArrayList<StreamCommands.Entry>(found.size());
      found.forEach((id, fields) -> entries.add(new StreamCommands.Entry(id, fields)));
      session.delivered(entries.getLast().id());
      return deliver(entries, false);
    } catch (InterruptedException e) {
      reading.cancel(true);
      throw e;
    } catch (CancellationException e) {
      // Drained. What the server may have handed out meanwhile goes to others on closing.
      return List.of();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisException failure) {
        throw failure;
      }
      throw new RedisException(e.getCause());
    } finally {
      blocked.set(null);
    }
  }

  private List<Delivery> deliver(List<StreamCommands.Entry> entries, boolean redelivered) {
    long now = clock.nanoTime();
    var deliveries = new ArrayList<Delivery>(entries.size());
    for (StreamCommands.Entry entry : entries) {
      // Our own, if we were stalled for so long that it looked orphaned.
      if (!held.holds(entry.id())) {
        var delivery = new RedisDelivery(entry, redelivered, session, replies, now);
        held.add(delivery);
        deliveries.add(delivery);
      }
    }
    return deliveries;
  }
}
