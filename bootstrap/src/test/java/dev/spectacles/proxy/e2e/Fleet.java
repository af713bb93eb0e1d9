package dev.spectacles.proxy.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Instances of the proxy that share the work of one stream. Each names itself in its User-Agent, by
 * which the simulator tells them apart. Not thread-safe.
 */
final class Fleet implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int WARM_UP_BOTS = 12;
  private static final int WARM_UP_REQUESTS = 30;

  private final Map<String, String> settings;
  private final String file;
  private final List<ProxyProcess> instances = new CopyOnWriteArrayList<>();
  private int started;

  /**
   * Without instances yet.
   *
   * @param file what the {@code proxy.toml} of each says
   */
  Fleet(Map<String, String> settings, String file) {
    this.settings = Map.copyOf(settings);
    this.file = file;
  }

  /** Starts as many as are missing, and ends those that are too many by SIGTERM. */
  void scaleTo(int count) throws InterruptedException {
    while (instances.size() > count) {
      instances.removeLast().terminate(STOP);
    }
    var starting = new ArrayList<Future<ProxyProcess>>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = instances.size(); i < count; i++) {
        starting.add(threads.submit(start(++started)));
      }
    }
    for (Future<ProxyProcess> instance : starting) {
      try {
        instances.add(instance.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("an instance did not start", e.getCause());
      }
    }
  }

  /**
   * Has instances serve enough to be quick: a cold JVM stands still for longer than the margin of
   * the global limit allows for.
   *
   * @param name part of the bots' names, so that nobody else uses their limits
   */
  static void warmUp(Worker worker, String name) throws InterruptedException {
    var requests = new ArrayList<Worker.Published>();
    for (int i = 0; i < WARM_UP_BOTS * WARM_UP_REQUESTS; i++) {
      String bot = "Bot warm-" + name + "-" + i % WARM_UP_BOTS;
      requests.add(worker.publish(Worker.get("/channels/" + i % 7).header("Authorization", bot)));
    }
    for (Worker.Published request : requests) {
      request.http(30);
    }
  }

  int size() {
    return instances.size();
  }

  /** Process ids. */
  List<Long> pids() {
    return instances.stream().map(ProxyProcess::pid).toList();
  }

  ProxyProcess instance(int index) {
    return instances.get(index);
  }

  /** SIGKILL to the one that has lived longest. */
  void killOne() throws InterruptedException {
    instances.removeFirst().kill();
  }

  @Override
  public void close() {
    instances.forEach(ProxyProcess::close);
  }

  private Callable<ProxyProcess> start(int number) {
    var own = new HashMap<>(settings);
    own.put("DISCORD_USER_AGENT", "DiscordBot (https://example.org, 1.0) instance/" + number);
    return () -> ProxyProcess.startLight(own, file);
  }
}
