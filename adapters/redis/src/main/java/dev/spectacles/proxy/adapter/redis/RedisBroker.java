package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker on a Redis stream and its consumer group. */
final class RedisBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBroker.class);
  // A blocked read holds up the closing of its connection for so long at worst.
  private static final Duration LONGEST_READ = Duration.ofSeconds(1);
  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(2).toNanos();

  /** What exists from the moment the server was reached. */
  private record Parts(Session session, ReplyPump replies, Intake intake, Upkeep upkeep) {}

  private final RedisSettings settings;
  private final BrokerContext context;
  private final Clock clock;
  private final Outage outage;
  private final HeldEntries held = new HeldEntries();
  private final Link<Session> link;
  private final ReentrantLock receiving = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private @Nullable Parts parts;
  private boolean draining;
  private boolean closed;
  // Guarded by the lock of receiving.
  private boolean groupInDoubt;

  RedisBroker(RedisSettings settings, BrokerContext context) {
    this.settings = settings;
    this.context = context;
    this.clock = context.clock();
    this.outage = new Outage(settings.url().servers(), clock);
    this.link = new Link<>(() -> Session.open(settings, context), outage, clock, this::opened);
  }

  @Override
  public void start() {
    link.start();
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    long end = clock.nanoTime() + wait.toNanos();
    if (!receiving.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      return List.of();
    }
    try {
      long pause = FIRST_PAUSE;
      while (!isDraining()) {
        long left = Math.max(0, end - clock.nanoTime());
        if (link.await(Duration.ofNanos(left)).isEmpty()) {
          return List.of();
        }
        Optional<Parts> now = parts();
        if (now.isEmpty()) {
          return List.of();
        }
        left = Math.max(0, end - clock.nanoTime());
        Duration block = Duration.ofNanos(Math.min(left, LONGEST_READ.toNanos()));
        try {
          List<Delivery> taken = take(now.get(), atMost, block);
          if (!taken.isEmpty()) {
            return taken;
          }
          pause = FIRST_PAUSE;
        } catch (RedisException e) {
          outage.noticed(e);
          awaitDraining(Math.min(pause, Math.max(0, end - clock.nanoTime())));
          pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
        if (end - clock.nanoTime() <= 0) {
          return List.of();
        }
      }
      return List.of();
    } finally {
      receiving.unlock();
    }
  }

  @Override
  public void drain() {
    lock.lock();
    try {
      draining = true;
      drained.signalAll();
      if (parts != null) {
        parts.intake().stop();
      }
    } finally {
      lock.unlock();
    }
    link.release();
  }

  @Override
  public void close() {
    drain();
    Parts last;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      last = parts;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.replies().close();
      last.upkeep().close();
      held.clear();
      leave(last.session());
    }
    link.close();
  }

  private List<Delivery> take(Parts now, int atMost, Duration block) throws InterruptedException {
    try {
      if (groupInDoubt) {
        now.session().ensureGroup();
        groupInDoubt = false;
      }
      return now.intake().take(atMost, block);
    } catch (RedisException e) {
      // Another instance may create the group again first: entries of then are of a new generation.
      groupInDoubt = true;
      if (!Failures.isGroupGone(e)) {
        throw e;
      }
      return List.of();
    }
  }

  private void opened(Session session) {
    lock.lock();
    try {
      boolean cluster = settings.url().topology() == RedisUrl.Topology.CLUSTER;
      var replies =
          new ReplyPump(
              session,
              held,
              new LostReplies(clock),
              outage,
              clock,
              context.replyPatience(),
              cluster);
      var intake = new Intake(session, held, replies, outage, settings, clock);
      var upkeep = new Upkeep(session, held, outage, settings, clock);
      parts = new Parts(session, replies, intake, upkeep);
      outage.over();
      if (draining) {
        intake.stop();
      }
    } finally {
      lock.unlock();
    }
    LOG.info(
        "Connected to Redis {} at {}: stream {}, group {}, as {}",
        session.version(),
        settings.url().servers(),
        context.event(),
        context.group(),
        context.instance());
  }

  private void leave(Session session) {
    if (outage.isOn()) {
      return;
    }
    try {
      long left = session.commands().leave(settings.minIdle().multipliedBy(10));
      if (left > 0) {
        LOG.info("{} unanswered requests are left to other instances", left);
      }
    } catch (RedisException e) {
      LOG.warn("Redis did not hear that {} leaves: {}", context.instance(), Failures.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Parts> parts() {
    lock.lock();
    try {
      return Optional.ofNullable(parts);
    } finally {
      lock.unlock();
    }
  }

  private boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  private void awaitDraining(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!draining && left > 0) {
        left = drained.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
