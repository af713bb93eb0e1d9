package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.Worker.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.client.RedisException;

/**
 * Requests that wait in lines: for each that is answered, the next of its line is published, so
 * that each line always has so many waiting. Thread-safe.
 */
final class Crowd implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Worker worker;
  private final List<Line> lines;
  private final long[] sequence;
  private final BlockingQueue<Integer> due = new LinkedBlockingQueue<>();
  private final Thread publisher = Thread.ofVirtual().name("crowd").unstarted(this::publishAll);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<Duration> longestWaits = new ArrayList<>();
  private int waiting;
  private int abandoned;
  private int generation;
  private boolean publishing = true;

  /** Requests to one path, numbered in the order of publishing. */
  record Line(String bot, String path, int depth) {}

  /**
   * What became of the requests.
   *
   * @param outcomes how often each was met: the HTTP code, or the name of the proxy's status
   * @param unanswered requests without an answer that were not given up before
   * @param longestWaits from publishing to the answer, one per line
   */
  record Answers(
      Map<String, Integer> outcomes, int unanswered, int abandoned, List<Duration> longestWaits) {
    int of(String outcome) {
      return outcomes.getOrDefault(outcome, 0);
    }

    int total() {
      return outcomes.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  Crowd(Worker worker, List<Line> lines) {
    this.worker = worker;
    this.lines = List.copyOf(lines);
    sequence = new long[lines.size()];
    lines.forEach(line -> longestWaits.add(Duration.ZERO));
  }

  /** Fills the lines, and keeps them full from now on. */
  Crowd start() {
    fill();
    publisher.start();
    return this;
  }

  /**
   * Gives up what was published until now, as it may be lost, and fills the lines again. Answers
   * that come nevertheless are counted, but make no room.
   */
  void abandon() {
    lock.lock();
    try {
      abandoned += waiting;
      waiting = 0;
      generation++;
    } finally {
      lock.unlock();
    }
    due.clear();
    fill();
  }

  /** Publishes nothing more, and waits for so long for the answers that are missing. */
  Answers finish(Duration within) throws InterruptedException {
    long left = within.toNanos();
    lock.lock();
    try {
      publishing = false;
      while (waiting > 0 && left > 0) {
        left = answered.awaitNanos(left);
      }
      return new Answers(Map.copyOf(outcomes), waiting, abandoned, List.copyOf(longestWaits));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    publisher.interrupt();
  }

  private void fill() {
    // In turns, so that all lines begin to move at once.
    int deepest = lines.stream().mapToInt(Line::depth).max().orElse(0);
    for (int place = 0; place < deepest; place++) {
      for (int i = 0; i < lines.size(); i++) {
        if (place < lines.get(i).depth()) {
          due.add(i);
        }
      }
    }
  }

  private void publishAll() {
    try {
      while (isPublishing()) {
        Integer line = due.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (line != null && !publish(line)) {
          due.add(line);
          Until.passes(PAUSE);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether Redis took it. */
  private boolean publish(int index) {
    Line line = lines.get(index);
    var draft =
        Worker.get(line.path()).header("Authorization", line.bot()).sequence(sequence[index]++);
    int now = begin();
    long start = System.nanoTime();
    try {
      Published published = worker.publish(draft);
      published
          .answer()
          .thenAccept(answer -> answered(published, index, now, start, outcome(answer)))
          .exceptionally(
              unreadable -> {
                answered(published, index, now, start, "unreadable");
                return null;
              });
      return true;
    } catch (RedisException away) {
      end(index, now, "not published", Duration.ZERO);
      return false;
    }
  }

  private void answered(Published request, int line, int born, long start, String outcome) {
    worker.forget(request);
    if (end(line, born, outcome, Duration.ofNanos(System.nanoTime() - start))) {
      due.add(line);
    }
  }

  private boolean isPublishing() {
    lock.lock();
    try {
      return publishing;
    } finally {
      lock.unlock();
    }
  }

  private int begin() {
    lock.lock();
    try {
      waiting++;
      return generation;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is room for another one in its line. */
  private boolean end(int line, int born, String outcome, Duration waited) {
    lock.lock();
    try {
      outcomes.merge(outcome, 1, Integer::sum);
      if (waited.compareTo(longestWaits.get(line)) > 0) {
        longestWaits.set(line, waited);
      }
      if (born != generation) {
        return false;
      }
      waiting--;
      answered.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static String outcome(ProxyResponse answer) {
    return switch (answer) {
      case ProxyResponse.Http http -> Integer.toString(http.code());
      case ProxyResponse.Failure failure -> failure.status().name();
    };
  }
}
