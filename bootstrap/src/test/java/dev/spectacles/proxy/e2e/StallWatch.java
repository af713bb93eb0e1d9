package dev.spectacles.proxy.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Notes how long the threads that send a process's requests were ready to run while the machine had
 * no processor for them. Knows nothing where the system does not tell. Thread-safe.
 */
final class StallWatch implements AutoCloseable {
  /** From here on a request may be sent too late for the moment that it was granted for. */
  static final Duration LONG = Duration.ofMillis(15);

  private static final Duration EVERY = Duration.ofMillis(25);
  private static final Path PROCESSES = Path.of("/proc");

  /** Carriers of virtual threads, and the thread of the HTTP client. */
  private static final List<String> SENDERS = List.of("ForkJoinPool", "HttpClient");

  private final Supplier<Collection<Long>> processes;
  private final Map<Path, Long> before = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread thread;
  private long longestNanos;

  /**
   * Begins to look.
   *
   * @param processes those of the moment
   */
  StallWatch(Supplier<Collection<Long>> processes) {
    this.processes = processes;
    thread = Thread.ofVirtual().name("stall-watch").start(this::watch);
  }

  /** Longest time that a thread waited for a processor between two looks. */
  Duration longest() {
    lock.lock();
    try {
      return Duration.ofNanos(longestNanos);
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
        for (long process : processes.get()) {
          look(PROCESSES.resolve(process + "/task"));
        }
        Until.passes(EVERY);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Path tasks) {
    if (!Files.isDirectory(tasks)) {
      return;
    }
    try (Stream<Path> threads = Files.list(tasks)) {
      for (Path task : threads.toList()) {
        String name = Files.readString(task.resolve("comm"));
        if (SENDERS.stream().anyMatch(name::startsWith)) {
          waited(task, Files.readString(task.resolve("schedstat")));
        }
      }
    } catch (IOException ended) {
      // The thread or its process is no more.
    }
  }

  /** The second figure is the time spent ready to run, in nanoseconds. */
  private void waited(Path task, String figures) {
    long now = Long.parseLong(figures.strip().split(" ")[1]);
    Long earlier = before.put(task, now);
    if (earlier != null) {
      lock.lock();
      try {
        longestNanos = Math.max(longestNanos, now - earlier);
      } finally {
        lock.unlock();
      }
    }
  }
}
