package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.ShutdownSignalException;
import dev.spectacles.proxy.adapter.spi.RetryPause;
import dev.spectacles.proxy.application.port.out.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connection that is made again whenever it is lost, with growing pauses. Thread-safe.
 *
 * @param <S> the connection while it lives
 */
final class Link<S extends Link.Session> implements AutoCloseable {
  /** Connection that was made, and lives until something happens to it. */
  interface Session {
    /** Works until the connection is lost; says why it was. */
    String run() throws InterruptedException;

    /** Ends it, within a few seconds; says whether the broker confirmed that. */
    boolean close();
  }

  /** Way to connect once. */
  interface Opening<S> {
    /** Connects. */
    S open() throws IOException, TimeoutException;
  }

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final String name;
  private final Opening<S> opening;
  private final Outage outage;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread keeper;
  private @Nullable S session;
  private boolean closed;

  Link(String name, Opening<S> opening, Outage outage, Clock clock) {
    this.name = name;
    this.opening = opening;
    this.outage = outage;
    this.clock = clock;
    this.keeper = Thread.ofVirtual().name(name).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  /** The connection, if there is one now. */
  Optional<S> session() {
    lock.lock();
    try {
      return Optional.ofNullable(session);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection; says whether there was one and the broker confirmed its end. */
  boolean end() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    boolean confirmed = session().map(Session::close).orElse(false);
    keeper.interrupt();
    try {
      if (keeper.getState() != Thread.State.NEW) {
        keeper.join(CLOSE_BOUND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return confirmed;
  }

  @Override
  public void close() {
    end();
  }

  private void keep() {
    var pause = new RetryPause(clock, FIRST_PAUSE, LONGEST_PAUSE);
    try {
      while (!isClosed()) {
        try {
          S opened = opening.open();
          if (!keep(opened)) {
            opened.close();
            return;
          }
          outage.over(name);
          pause.reset();
          String reason = use(opened);
          if (isClosed()) {
            return;
          }
          outage.noticed(name, reason);
        } catch (TopologyException e) {
          outage.mismatched(name, String.valueOf(e.getMessage()));
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
          if (isClosed()) {
            return;
          }
          if (Failures.isRefusal(e)) {
            outage.refused(name, Failures.reason(e));
          } else {
            outage.noticed(name, Failures.reason(e));
          }
        } catch (RuntimeException e) {
          // A defect: without this thread nothing would ever be connected again.
          if (isClosed()) {
            return;
          }
          outage.unexpected(name, e);
        }
        pause.sleep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String use(S opened) throws InterruptedException {
    try {
      return opened.run();
    } finally {
      lock.lock();
      try {
        session = null;
      } finally {
        lock.unlock();
      }
      opened.close();
    }
  }

  private boolean keep(S opened) {
    lock.lock();
    try {
      if (!closed) {
        session = opened;
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
