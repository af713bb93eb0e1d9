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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes packets under the shard of their guild, for workers that do not know it.
 *
 * <p>A packet stays with the broker until it is published, so it may be published twice, but is
 * never lost. One that cannot be read is dropped: nobody waits for an answer.
 */
public final class ServeSends {
  /** What workers publish. */
  private static final String EVENT = "SEND";

  /** Reads beside real gateways, of which none is to be robbed of a packet. */
  private static final String SUBSCRIBER = "send";

  private static final Logger LOG = LoggerFactory.getLogger(ServeSends.class);
  private static final int MOST_AT_ONCE = 50;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);

  private final Broker broker;
  private final EventStream sends;
  private final SendDecoder decoder;
  private final Clock clock;
  private final ProxyEvents events;
  private final int shards;

  /** Held while a packet is dealt with. */
  private final ReentrantLock serving = new ReentrantLock();

  private final Thread reader = Thread.ofVirtual().name("gateway-sends").unstarted(this::read);
  private volatile boolean stopped;
  private long droppedSinceTold;
  private long tellAt;

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
    this.tellAt = clock.nanoTime();
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
    }
    if (!reader.join(Duration.ofNanos(Math.max(0, end - clock.nanoTime())))) {
      reader.interrupt();
    }
  }

  private void read() {
    try {
      while (!stopped) {
        for (Event event : receive()) {
          serve(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Event> receive() throws InterruptedException {
    try {
      return sends.receive(MOST_AT_ONCE, POLL);
    } catch (BrokerException e) {
      LOG.warn("broker failed, trying again: {}", e.getMessage());
      clock.sleep(RETRY);
      return List.of();
    } catch (RuntimeException e) {
      // A defect: without this thread no packet would ever be forwarded again.
      LOG.error("broker failed unexpectedly, trying again", e);
      clock.sleep(RETRY);
      return List.of();
    }
  }

  private void serve(Event event) throws InterruptedException {
    serving.lockInterruptibly();
    try {
      if (!stopped) {
        forward(event);
        event.ack();
      }
    } catch (BrokerException e) {
      LOG.warn("packet not dealt with, it comes again id={}: {}", event.id(), e.getMessage());
      clock.sleep(RETRY);
    } catch (RuntimeException e) {
      LOG.error("packet not dealt with, it comes again id={}", event.id(), e);
      clock.sleep(RETRY);
    } finally {
      serving.unlock();
    }
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

  /** Told now and then only: whoever publishes such packets may do so all the time. */
  private void dropped(Event event, String why) {
    events.sendDropped();
    droppedSinceTold++;
    if (clock.nanoTime() - tellAt >= 0) {
      LOG.warn("packets dropped: {}, the last one id={}: {}", droppedSinceTold, event.id(), why);
      droppedSinceTold = 0;
      tellAt = clock.nanoTime() + BETWEEN_WARNINGS.toNanos();
    }
  }
}
