package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import org.redisson.client.RedisException;

/** Task that is done again and again on a thread of its own, sooner while the server is away. */
final class Repeating implements AutoCloseable {
  /** What is done. */
  interface Task {
    /** Does it; returns whether the server was asked for anything. */
    boolean run() throws InterruptedException;
  }

  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

  private final Duration interval;
  private final Clock clock;
  private final Outage outage;
  private final Task task;
  private final Thread thread;

  Repeating(String name, Duration interval, Clock clock, Outage outage, Task task) {
    this.interval = interval;
    this.clock = clock;
    this.outage = outage;
    this.task = task;
    this.thread = Thread.ofVirtual().name(name).start(this::repeat);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_BOUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat() {
    try {
      Duration pause = interval;
      while (true) {
        clock.sleep(pause);
        long attempt = outage.attempt();
        try {
          if (task.run()) {
            outage.over(attempt);
          }
          pause = interval;
        } catch (RedisException e) {
          outage.noticed(e);
          pause = RETRY.compareTo(interval) < 0 ? RETRY : interval;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
