package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Whoever waits for the answer to one request, or may do so soon. Thread-safe. */
final class LocalCaller {
  private enum State {
    NOT_THERE_YET,
    LISTENING,
    ANSWERED,
    GONE
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private State state = State.NOT_THERE_YET;
  private Optional<ProxyResponse> answer = Optional.empty();

  /** Is there from now on. */
  void listen() {
    become(State.LISTENING);
  }

  /** Waits for no answer any more. */
  void leave() {
    become(State.GONE);
  }

  /** Whether it came by now, and so does not wait for another broker. */
  boolean isThere() {
    lock.lock();
    try {
      return state != State.NOT_THERE_YET;
    } finally {
      lock.unlock();
    }
  }

  /** The answer, if it comes in that time. */
  Optional<ProxyResponse> await(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (answer.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands the answer over, as soon as somebody listens within that time.
   *
   * @return whether somebody did
   */
  boolean offer(ProxyResponse response, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (state == State.NOT_THERE_YET && left > 0) {
        left = changed.awaitNanos(left);
      }
      return offer(response);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands the answer over, if somebody listens now.
   *
   * @return whether somebody did
   */
  boolean offer(ProxyResponse response) {
    lock.lock();
    try {
      if (state != State.LISTENING) {
        return false;
      }
      answer = Optional.of(response);
      become(State.ANSWERED);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void become(State next) {
    lock.lock();
    try {
      state = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
