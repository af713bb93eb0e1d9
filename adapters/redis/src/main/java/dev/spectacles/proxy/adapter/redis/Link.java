package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.RetryPause;
import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;

/**
 * Way to a server: tries in the background until it is there. Thread-safe.
 *
 * @param <S> what there is once it was reached
 */
final class Link<S extends Link.Connected> implements AutoCloseable {
  /** Connection that was made once; Redisson restores it from then on. */
  interface Connected extends AutoCloseable {
    @Override
    void close();
  }

  /** What a connection that was just made has to pass, or it throws {@link RedisException}. */
  interface Check<S> {
    /** Looks at the server by it. */
    void of(S session) throws InterruptedException;
  }

  /** This connection; closed if it does not pass. */
  static <S extends Connected> S checked(S session, Check<S> check) throws InterruptedException {
    boolean passed = false;
    try {
      check.of(session);
      passed = true;
      return session;
    } finally {
      if (!passed) {
        session.close();
      }
    }
  }

  /** Way to connect once. */
  interface Opening<S> {
    /** Connects, or throws {@link RedisException}. */
    S open() throws InterruptedException;
  }

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final Opening<S> opening;
  private final Outage outage;
  private final Clock clock;
  private final Consumer<S> whenOpen;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread connector;
  private @Nullable S session;
  private boolean released;
  private boolean closed;

  Link(Opening<S> opening, Outage outage, Clock clock, Consumer<S> whenOpen) {
    this.opening = opening;
    this.outage = outage;
    this.clock = clock;
    this.whenOpen = whenOpen;
    this.connector = Thread.ofVirtual().name("redis-connect").unstarted(this::connect);
  }

  void start() {
    connector.start();
  }

  /** The session; nothing if there is none in that time, or nobody shall wait any more. */
  Optional<S> await(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (session == null && !released && left > 0) {
        left = changed.awaitNanos(left);
      }
      return Optional.ofNullable(session);
    } finally {
      lock.unlock();
    }
  }

  /** The session, if there is one now. */
  Optional<S> session() {
    lock.lock();
    try {
      return Optional.ofNullable(session);
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of everybody who waits for the session. */
  void release() {
    lock.lock();
    try {
      released = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      released = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    connector.interrupt();
    boolean interrupted = false;
    try {
      if (connector.getState() != Thread.State.NEW) {
        connector.join(CLOSE_BOUND);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    session().ifPresent(Connected::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void connect() {
    var pause = new RetryPause(clock, FIRST_PAUSE, LONGEST_PAUSE);
    try {
      while (!isClosed()) {
        try {
          S opened = opening.open();
          if (!keep(opened)) {
            opened.close();
          }
          return;
        } catch (RedisException e) {
          if (Thread.interrupted() || isClosed()) {
            return;
          }
          outage.noticed(e);
        }
        pause.sleep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private boolean keep(S opened) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      whenOpen.accept(opened);
      session = opened;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
