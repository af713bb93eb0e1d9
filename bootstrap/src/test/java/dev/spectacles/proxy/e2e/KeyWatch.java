package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/** Looks again and again for keys of ours that would live for ever. Thread-safe. */
final class KeyWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final String OURS = "sp:*";
  private static final int NO_EXPIRY = -1;

  /** What belongs to a stream lives as long as it. */
  private static final String OF_STREAM = "sp:generation:";

  private final IntSupplier port;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> immortal = new TreeSet<>();
  private final Thread thread;
  private int mostKeys;

  /**
   * Begins to look.
   *
   * @param port of the server of the moment
   */
  KeyWatch(IntSupplier port) {
    this.port = port;
    thread = Thread.ofVirtual().name("key-watch").start(this::watch);
  }

  /** Keys that were seen without an expiry. */
  Set<String> immortal() {
    lock.lock();
    try {
      return Set.copyOf(immortal);
    } finally {
      lock.unlock();
    }
  }

  /** Most keys of ours that were seen at a time. */
  int mostKeys() {
    lock.lock();
    try {
      return mostKeys;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (!Thread.interrupted()) {
        look();
        Until.passes(PAUSE);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try (var redis = new RespConnection(port.getAsInt())) {
      int keys = 0;
      String cursor = "0";
      do {
        var page = (List<?>) redis.command("SCAN", cursor, "MATCH", OURS, "COUNT", 1_000);
        cursor = page.getFirst().toString();
        for (Object key : (List<?>) page.get(1)) {
          keys++;
          if (!key.toString().startsWith(OF_STREAM)
              && redis.command("PTTL", key).equals((long) NO_EXPIRY)) {
            found(key.toString());
          }
        }
      } while (!cursor.equals("0"));
      seen(keys);
    } catch (IOException away) {
      // The server is being restarted: there is nothing to see.
    }
  }

  private void found(String key) {
    lock.lock();
    try {
      immortal.add(key);
    } finally {
      lock.unlock();
    }
  }

  private void seen(int keys) {
    lock.lock();
    try {
      mostKeys = Math.max(mostKeys, keys);
    } finally {
      lock.unlock();
    }
  }
}
