package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a broker from time to time how many requests wait there, so that nobody who wants to know
 * has to wait for it. Thread-safe.
 */
public final class BrokerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

  private final Broker broker;
  private final Clock clock;
  private final Thread thread;
  private volatile OptionalLong backlog = OptionalLong.empty();

  private BrokerWatch(Broker broker, Clock clock) {
    this.broker = broker;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("broker-watch").unstarted(this::watch);
  }

  /** Watches a broker, which may be started later. */
  public static BrokerWatch start(Broker broker, Clock clock) {
    var watch = new BrokerWatch(broker, clock);
    watch.thread.start();
    return watch;
  }

  /** How many waited when it was asked last; empty if it could not tell then. */
  public OptionalLong backlog() {
    return backlog;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(CLOSE_BOUND)) {
        LOG.warn("broker watch: still asks for the backlog {} after the stop", CLOSE_BOUND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (true) {
        backlog = ask();
        clock.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      backlog = OptionalLong.empty();
    }
  }

  private OptionalLong ask() throws InterruptedException {
    if (broker.absence().isPresent()) {
      return OptionalLong.empty();
    }
    try {
      return broker.backlog();
    } catch (BrokerException e) {
      LOG.debug("backlog not known: {}", e.getMessage());
      return OptionalLong.empty();
    }
  }
}
