package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Clock;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines on their way out, written one after the other by one thread. Thread-safe.
 *
 * <p>Lines are made while they are written, so that a line of any size takes no more memory than
 * what it is made of.
 */
final class Outbox {
  /** So many lines share a flush at most. */
  private static final int BATCH = 64;

  private static final int BUFFER = 64 * 1024;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** A line to be. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A line that waits to be written, or did. */
  record Item(Content content, CompletableFuture<Boolean> outcome, long start) {}

  private final OutputStream out;
  private final Clock clock;
  private final Duration patience;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Item> waiting = new ArrayDeque<>();
  private boolean writing;
  private boolean closed;
  private volatile long progressAt;

  /**
   * Lines to this stream.
   *
   * @param patience how long the stream may take nothing before a line is given up
   * @param most lines that may wait
   */
  Outbox(OutputStream out, Clock clock, Duration patience, int most) {
    this.out = new BufferedOutputStream(new Watched(out), BUFFER);
    this.clock = clock;
    this.patience = patience;
    this.most = most;
    this.progressAt = clock.nanoTime();
  }

  /** What came of a line. */
  enum Sent {
    YES,
    /** The stream is closed or has failed, or too many lines wait. */
    NO,
    /** It was given up, as the stream took nothing for too long. */
    STUCK
  }

  /** Writes the line; returns when the stream has taken it or it is given up. */
  Sent send(Content content) throws InterruptedException {
    Optional<Item> item = offer(content);
    return item.isPresent() ? await(item.get()) : Sent.NO;
  }

  /** Has the line written, if there is room for it, and does not wait. */
  Optional<Item> offer(Content content) {
    var item = new Item(content, new CompletableFuture<>(), clock.nanoTime());
    lock.lock();
    try {
      if (closed || waiting.size() >= most) {
        return Optional.empty();
      }
      waiting.add(item);
      changed.signalAll();
      return Optional.of(item);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the stream has taken the line or it is given up. */
  Sent await(Item item) throws InterruptedException {
    while (!settles(item, left(item.start()))) {
      // Unless the stream took something meanwhile.
      if (left(item.start()) <= 0 && item.outcome().complete(false)) {
        forget(item);
        return Sent.STUCK;
      }
    }
    return item.outcome().join() ? Sent.YES : Sent.NO;
  }

  private static boolean settles(Item item, long within) throws InterruptedException {
    try {
      item.outcome().get(Math.max(0, within), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError("an outcome is never exceptional", e);
    }
  }

  /** Writes until it is closed. */
  void run() throws IOException, InterruptedException {
    List<Item> batch = List.of();
    try {
      batch = take();
      while (!batch.isEmpty()) {
        for (Item item : batch) {
          if (!item.outcome().isDone()) {
            item.content().writeTo(out);
          }
        }
        out.flush();
        batch.forEach(item -> item.outcome().complete(true));
        batch = take();
      }
    } finally {
      close();
      batch.forEach(item -> item.outcome().complete(false));
    }
  }

  /** Waits until everything is written, for this long at most. */
  void flush(Duration within) throws InterruptedException {
    long left = within.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && left > 0 && (writing || !waiting.isEmpty())) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what was not written. */
  void close() {
    var left = new ArrayList<Item>();
    lock.lock();
    try {
      closed = true;
      left.addAll(waiting);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(item -> item.outcome().complete(false));
  }

  private void forget(Item item) {
    lock.lock();
    try {
      waiting.remove(item);
    } finally {
      lock.unlock();
    }
  }

  /** The next lines; none when it is closed. */
  private List<Item> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      writing = false;
      changed.signalAll();
      while (!closed && waiting.isEmpty()) {
        changed.await();
      }
      var batch = new ArrayList<Item>();
      while (batch.size() < BATCH && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      writing = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private long left(long start) {
    long now = clock.nanoTime();
    long sinceProgress = Math.min(now - start, now - progressAt);
    long longest = Math.max(LONGEST.toNanos(), patience.toNanos());
    return Math.min(patience.toNanos() - sinceProgress, longest - (now - start));
  }

  /** Notes when the stream took something. */
  private final class Watched extends FilterOutputStream {
    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      progressAt = clock.nanoTime();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      progressAt = clock.nanoTime();
    }
  }
}
