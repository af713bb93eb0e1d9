package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.EventReader.ReadBatch;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the gateway tells, as long as this instance leads; else waits for its time.
 *
 * <p>Events are acked after what they changed was written, all of a batch at once: what was written
 * and not acked when an instance died is applied again, which changes nothing. While one batch is
 * written, what came meanwhile is read.
 */
final class GatewayIngest {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayIngest.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** What was published so short a time ago may not be there yet. */
  private static final Duration ON_ITS_WAY = Duration.ofMillis(100);

  /** For how long an instance leads, unless it says that it still does. */
  static final Duration LEASE = Duration.ofSeconds(10);

  private static final Duration RENEWAL = Duration.ofSeconds(3);
  private static final Duration STANDBY = Duration.ofSeconds(1);

  /** A store that is not reached yet for so long is no news. */
  private static final Duration STARTING = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  private final EventFeed feed;
  private final EventReader events;
  private final EntityStore store;
  private final EventApplication application;
  private final Clock clock;

  /** Held while a batch is dealt with. */
  private final ReentrantLock applying = new ReentrantLock();

  private final Thread reader = Thread.ofVirtual().name("gateway-events").unstarted(this::run);
  private final ExecutorService readingAhead =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("gateway-events-ahead-", 0).factory());
  private final Tally failures;
  private Optional<ReadBatch> ahead = Optional.empty();
  private volatile boolean stopped;
  private OptionalLong leader = OptionalLong.empty();
  private boolean reached;
  private long renewAtNanos;
  private Duration pause = FIRST_PAUSE;

  /** Reads nothing yet; the feed's broker must not be started. */
  GatewayIngest(
      EventFeed feed,
      GatewayFeed.Source source,
      EntityStore store,
      EventApplication application,
      Clock clock) {
    this.feed = feed;
    this.events = new EventReader(feed, source);
    this.store = store;
    this.application = application;
    this.clock = clock;
    this.failures = new Tally(clock);
    this.renewAtNanos = clock.nanoTime();
  }

  /** Starts to read, once the broker was started. */
  void start() {
    reader.start();
  }

  /** Reads no more, and gives the batch at hand this long to be written. */
  void stop(Duration within) throws InterruptedException {
    long end = clock.nanoTime() + within.toNanos();
    stopped = true;
    boolean finished = applying.tryLock(within.toNanos(), TimeUnit.NANOSECONDS);
    feed.close();
    if (finished) {
      applying.unlock();
    }
    readingAhead.shutdownNow();
    reader.interrupt();
    reader.join(Duration.ofNanos(Math.max(1, end - clock.nanoTime())));
    if (leader.isPresent()) {
      try {
        store.resign();
      } catch (StoreException e) {
        LOG.debug("the next instance waits for the end of the lease: {}", e.getMessage());
      }
    }
  }

  private void run() {
    long startedBy = clock.nanoTime() + STARTING.toNanos();
    try {
      while (!stopped) {
        try {
          if (leads()) {
            next();
          } else {
            application.follow();
            clock.sleep(STANDBY);
          }
        } catch (StaleLeaderException e) {
          LOG.info("another instance keeps the gateway's events now: {}", e.getMessage());
          lost();
        } catch (BrokerException | StoreException e) {
          if (!reached && clock.nanoTime() - startedBy < 0) {
            LOG.debug("not begun yet: {}", e.getMessage());
            clock.sleep(FIRST_PAUSE);
            continue;
          }
          failed(count -> LOG.warn("events not kept, they come again: {}", e.getMessage()));
        } catch (RuntimeException e) {
          // A defect: without this thread no event would ever be kept again.
          failed(count -> LOG.error("events not kept, they come again", e));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean leads() throws InterruptedException {
    if (leader.isPresent() && clock.nanoTime() - renewAtNanos < 0) {
      return true;
    }
    renewAtNanos = clock.nanoTime() + RENEWAL.toNanos();
    OptionalLong now = store.lead(LEASE);
    reached = true;
    if (!now.equals(leader)) {
      if (now.isPresent()) {
        LOG.info("this instance keeps the gateway's events from now on");
        application.begin(now.getAsLong());
      }
      release();
      leader = now;
    }
    return leader.isPresent();
  }

  private void next() throws InterruptedException {
    long askedAt = clock.wallTime().toEpochMilli();
    ReadBatch batch = ahead.isEmpty() ? events.receive(POLL) : ahead.get();
    ahead = Optional.empty();
    applying.lockInterruptibly();
    try {
      if (stopped) {
        return;
      }
      if (!batch.isEmpty()) {
        apply(batch);
      } else {
        application.apply(leader.getAsLong(), batch);
        if (batch.batch().upToDate()) {
          application.caughtUp(leader.getAsLong(), askedAt - ON_ITS_WAY.toMillis());
        } else {
          application.fallsBehind();
        }
      }
      pause = FIRST_PAUSE;
    } finally {
      applying.unlock();
    }
  }

  private void apply(ReadBatch batch) throws InterruptedException {
    Future<ReadBatch> following = readingAhead.submit(() -> events.receive(Duration.ZERO));
    try {
      application.apply(leader.getAsLong(), batch);
    } finally {
      // Whatever happens, the feed has one user at a time.
      awaitEnd(following);
    }
    feed.ack(batch.batch());
    application.caughtUp(leader.getAsLong(), batch.batch().events().getLast().millis());
    ReadBatch next = outcome(following);
    ahead = next.isEmpty() && !next.batch().afterGap() ? Optional.empty() : Optional.of(next);
  }

  private static void awaitEnd(Future<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      LOG.debug("reading ahead failed", e);
    }
  }

  private static ReadBatch outcome(Future<ReadBatch> ended) throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("reading ahead failed", e.getCause());
    }
  }

  /** What was read and not acked comes again. */
  private void release() {
    ahead = Optional.empty();
    feed.release();
  }

  private void lost() {
    leader = OptionalLong.empty();
    release();
  }

  private void failed(LongConsumer tell) throws InterruptedException {
    release();
    application.fallsBehind();
    failures.happened().ifPresent(tell);
    clock.sleep(pause);
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }
}
