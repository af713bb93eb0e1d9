package dev.spectacles.proxy.adapter.http;

import dev.spectacles.proxy.application.port.in.ServeCaller;
import dev.spectacles.proxy.application.port.out.Clock;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Body on its way from the event loop to the thread of its request. Thread-safe.
 *
 * <p>No more than a window of it waits to be taken: beyond that nothing is read from the caller.
 */
final class IncomingBody {
  private static final int WINDOW = 4 * HttpFrontDoor.LARGEST_PIECE;

  /** A body of unknown size takes room in steps of this. */
  private static final long STEP = 64 * 1024;

  private final HttpSettings settings;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<byte[]> pieces = new ArrayDeque<>();
  private int waiting;
  private boolean ended;
  private Optional<Refusal> damage = Optional.empty();

  IncomingBody(HttpSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** On the event loop: adds a piece; whether more may be read at once. */
  boolean add(ByteBuf piece) {
    var bytes = new byte[piece.readableBytes()];
    piece.readBytes(bytes);
    lock.lock();
    try {
      if (bytes.length > 0) {
        pieces.add(bytes);
        waiting += bytes.length;
        changed.signalAll();
      }
      return waiting < WINDOW;
    } finally {
      lock.unlock();
    }
  }

  /** On the event loop: there is no more to come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** On the event loop: what comes cannot be read. */
  void damaged(Refusal refusal) {
    lock.lock();
    try {
      damage = Optional.of(refusal);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * On the thread of the request: all of it.
   *
   * @param length in bytes, for which there is room already, or {@link RequestHead#CHUNKED}
   * @param more has the event loop read on
   */
  byte[] readAll(long length, ServeCaller.Room room, Runnable more)
      throws RefusedException, InterruptedException {
    long start = clock.nanoTime();
    byte[] all = new byte[(int) Math.max(length, 0)];
    int size = 0;
    long held = length == RequestHead.CHUNKED ? 0 : length;
    while (true) {
      long allowed = HttpSettings.Times.forBytes(settings.times().body(), size).toNanos();
      Optional<byte[]> next = take(allowed - (clock.nanoTime() - start), more);
      if (next.isEmpty()) {
        return size == all.length ? all : Arrays.copyOf(all, size);
      }
      byte[] piece = next.get();
      if (size + piece.length > settings.maxBodyBytes()) {
        throw new RefusedException(Doorkeeper.tooLarge(settings.maxBodyBytes()));
      }
      if (size + piece.length > held) {
        long step = Math.max(STEP, size + piece.length - held);
        if (!room.grow(step, settings.times().room())) {
          throw new RefusedException(Exchange.NO_ROOM);
        }
        held += step;
      }
      if (size + piece.length > all.length) {
        long doubled = Math.max(2L * all.length, size + piece.length);
        all = Arrays.copyOf(all, (int) Math.min(Math.max(doubled, STEP), settings.maxBodyBytes()));
      }
      System.arraycopy(piece, 0, all, size, piece.length);
      size += piece.length;
    }
  }

  /** The next piece; empty at the end. */
  private Optional<byte[]> take(long withinNanos, Runnable more)
      throws RefusedException, InterruptedException {
    boolean freed;
    byte[] piece;
    lock.lock();
    try {
      long left = withinNanos;
      while (pieces.isEmpty() && !ended && damage.isEmpty()) {
        if (left <= 0) {
          throw new RefusedException(
              Refusal.of(408, "REQUEST_TIMEOUT", "body: too slow, and not sent"));
        }
        left = changed.awaitNanos(left);
      }
      if (damage.isPresent()) {
        throw new RefusedException(damage.get());
      }
      if (pieces.isEmpty()) {
        return Optional.empty();
      }
      piece = pieces.remove();
      freed = waiting >= WINDOW && waiting - piece.length < WINDOW;
      waiting -= piece.length;
    } finally {
      lock.unlock();
    }
    if (freed) {
      more.run();
    }
    return Optional.of(piece);
  }
}
