package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.SendDecoder;
import dev.spectacles.proxy.domain.gateway.GatewaySend;
import dev.spectacles.proxy.domain.gateway.InvalidSendException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes packets under the shard of their guild, for workers that do not know it.
 *
 * <p>A packet stays with the broker until it is published, so it may be published twice, but is
 * never lost; one that cannot be published now comes again, after pauses that grow as long as
 * nothing else can be. One that cannot be read is dropped: nobody waits for an answer.
 */
public final class ServeSends {
  /** What workers publish. */
  private static final String EVENT = "SEND";

  /** Reads beside real gateways, of which none is to be robbed of a packet. */
  private static final String SUBSCRIBER = "send";

  private static final Logger LOG = LoggerFactory.getLogger(ServeSends.class);
  private static final int MOST_AT_ONCE = 50;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  private final Broker broker;
  private final EventStream sends;
  private final SendDecoder decoder;
  private final Clock clock;
  private final ProxyEvents events;
  private final int shards;

  /** Held while a packet is dealt with. */
  private final ReentrantLock serving = new ReentrantLock();

  private final Thread reader = Thread.ofVirtual().name("gateway-sends").unstarted(this::read);
  private final Tally drops;
  private final Tally failures;
  private volatile boolean stopped;
  private Duration pause = FIRST_PAUSE;

  /**
   * Reads nothing yet; the broker must not be started.
   *
   * @param shards number of shards of the bot, at least 1
   */
  public ServeSends(
      Broker broker, SendDecoder decoder, Clock clock, ProxyEvents events, int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException("shards: " + shards + " (expected: >= 1)");
    }
    this.broker = broker;
    this.sends = broker.events(SUBSCRIBER, List.of(EVENT));
    this.decoder = decoder;
    this.clock = clock;
    this.events = events;
    this.shards = shards;
    this.drops = new Tally(clock);
    this.failures = new Tally(clock);
  }

  /** Starts to read, once the broker was started. */
  public void start() {
    reader.start();
  }

  /**
   * Reads no more, gives the packet at hand this long to be published, and leaves the rest to other
   * instances.
   */
  public void stop(Duration within) throws InterruptedException {
    long end = clock.nanoTime() + within.toNanos();
    stopped = true;
    // A packet that was published and could not be acked any more would be published again.
    boolean finished = serving.tryLock(within.toNanos(), TimeUnit.NANOSECONDS);
    sends.close();
    if (finished) {
      serving.unlock();
      // It does nothing any more, but it may be in a pause.
      reader.interrupt();
    }
    if (!reader.join(Duration.ofNanos(Math.max(0, end - clock.nanoTime())))) {
      reader.interrupt();
    }
  }

  private void read() {
    try {
      while (!stopped) {
        try {
          serve(sends.receive(MOST_AT_ONCE, POLL));
        } catch (BrokerException e) {
          LOG.warn("broker failed, trying again: {}", e.getMessage());
          clock.sleep(FIRST_PAUSE);
        } catch (RuntimeException e) {
          // A defect: without this thread no packet would ever be forwarded again.
          LOG.error("broker failed unexpectedly, trying again", e);
          clock.sleep(FIRST_PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deals with all of them, and pauses if that failed: what was abandoned may be back at once. */
  private void serve(List<Event> received) throws InterruptedException {
    int served = 0;
    for (Event event : received) {
      if (serve(event)) {
        served++;
      }
    }
    if (served > 0) {
      pause = FIRST_PAUSE;
    }
    if (served < received.size() && !stopped) {
      clock.sleep(pause);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  /** Whether it was dealt with; else it is left to whoever reads next. */
  private boolean serve(Event event) throws InterruptedException {
    serving.lockInterruptibly();
    try {
      if (!stopped) {
        forward(event);
        event.ack();
      }
      return !stopped;
    } catch (BrokerException e) {
      failed(event)
          .ifPresent(
              count ->
                  LOG.warn(
                      "packets not dealt with, they come again: {}, the last one id={}: {}",
                      count,
                      event.id(),
                      e.getMessage()));
      return false;
    } catch (RuntimeException e) {
      failed(event)
          .ifPresent(
              count ->
                  LOG.error(
                      "packets not dealt with, they come again: {}, the last one id={}",
                      count,
                      event.id(),
                      e));
      return false;
    } finally {
      serving.unlock();
    }
  }

  /** Returns how many there were, if that is to be told. */
  private OptionalLong failed(Event event) {
    event.abandon();
    events.sendFailed();
    return failures.happened();
  }

  private void forward(Event event) throws InterruptedException {
    GatewaySend send;
    try {
      send = decoder.decode(event.payload());
    } catch (InvalidSendException e) {
      dropped(event, String.valueOf(e.getMessage()));
      return;
    } catch (RuntimeException e) {
      // A defect, which would meet the packet again each time it came.
      dropped(event, "failed to read it: " + e.getClass().getSimpleName());
      return;
    }
    int shard = send.shard(shards);
    broker.publish(Integer.toString(shard), send.packet().bytes());
    events.sendPublished();
    LOG.debug("send id={} shard={}", event.id(), shard);
  }

  private void dropped(Event event, String why) {
    events.sendDropped();
    drops
        .happened()
        .ifPresent(
            count ->
                LOG.warn("packets dropped: {}, the last one id={}: {}", count, event.id(), why));
  }
}
