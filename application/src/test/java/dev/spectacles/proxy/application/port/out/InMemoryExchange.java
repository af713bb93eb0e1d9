package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the {@link InMemoryBroker}s of one group share: the queue, and who waits for answers. */
public final class InMemoryExchange {
  /** What a request decodes to. */
  public interface Content {
    ProxyRequest decode() throws InvalidRequestException;
  }

  /** Request in the queue, and its caller's side. Guarded by the exchange's lock. */
  public final class Message {
    final String id;
    final Content content;
    final long size;
    final Optional<Instant> expiry;
    final long publishedAt;
    boolean redelivered;
    boolean sent;
    boolean settled;
    private boolean listening;
    private Optional<ProxyResponse> answer = Optional.empty();

    private Message(String id, Content content, long size, Optional<Instant> expiry) {
      this.id = id;
      this.content = content;
      this.size = size;
      this.expiry = expiry;
      this.publishedAt = clock.nanoTime();
    }

    /** Begins to wait for the answer; one that was offered before is missed. */
    public void listen() {
      locked(() -> listening = true);
    }

    /** The answer, if it comes in that time. */
    public Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException {
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

    /** Whether the broker is done with it. */
    public boolean settled() {
      lock.lock();
      try {
        return settled;
      } finally {
        lock.unlock();
      }
    }

    boolean offer(ProxyResponse response) {
      lock.lock();
      try {
        if (listening && answer.isEmpty()) {
          answer = Optional.of(response);
          changed.signalAll();
          return true;
        }
        return false;
      } finally {
        lock.unlock();
      }
    }
  }

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Message> queue = new ArrayDeque<>();
  private long published;

  /** Exchange whose messages age by this clock. */
  public InMemoryExchange(Clock clock) {
    this.clock = clock;
  }

  /** Publishes a request that decodes to this. */
  public Message publish(Content content, long size, Optional<Instant> expiry) {
    lock.lock();
    try {
      var message = new Message(Long.toString(++published), content, size, expiry);
      queue.addLast(message);
      changed.signalAll();
      return message;
    } finally {
      lock.unlock();
    }
  }

  /** Publishes a request without an expiry. */
  public Message publish(ProxyRequest request) {
    return publish(() -> request, request.weight(), Optional.empty());
  }

  Clock clock() {
    return clock;
  }

  /** Takes what is queued, in order; waits in real time. */
  List<Message> take(int atMost, Duration wait, InMemoryBroker by) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(wait.toMillis());
      while (queue.isEmpty() && left > 0 && !by.drained()) {
        left = changed.awaitNanos(left);
      }
      var taken = new ArrayList<Message>();
      while (taken.size() < atMost && !queue.isEmpty() && !by.drained()) {
        taken.add(queue.removeFirst());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what a broker held, for another to take. */
  void giveBack(List<Message> messages) {
    locked(
        () -> {
          for (Message message : messages.reversed()) {
            message.redelivered = true;
            queue.addFirst(message);
          }
        });
  }

  void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
