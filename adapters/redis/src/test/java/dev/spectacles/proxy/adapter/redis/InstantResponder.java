package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.redis.OfferPlan.Next;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Least that can answer the callers of a stream: reads entries with a group, publishes the same
 * bytes to each at once, without looking at it, and acks it when somebody received them. Offers are
 * repeated by the broker's own rule. What a proxy is measured against.
 */
public final class InstantResponder implements AutoCloseable {
  private static final String GROUP = "gateway";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String event;
  private final byte[] answer;
  private final RespConnection entries;
  private final RespConnection firstOffers;
  private final RespConnection laterOffers;
  private final DelayQueue<Later> later = new DelayQueue<>();
  private final AtomicInteger taken = new AtomicInteger();
  private final List<Thread> threads;
  private volatile boolean closed;

  /** What is to be done with an entry that was offered once. */
  private record Later(String id, OfferPlan plan, boolean settle) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return settle ? 0 : unit.convert(plan.dueAt() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  /**
   * Begins to answer.
   *
   * @param event name of the stream; has no group yet
   * @param answer bytes of a response
   */
  public InstantResponder(int port, String event, byte[] answer) throws IOException {
    this.event = event;
    this.answer = answer.clone();
    entries = new RespConnection(port);
    firstOffers = new RespConnection(port);
    laterOffers = new RespConnection(port);
    entries.command("XGROUP", "CREATE", event, GROUP, "$", "MKSTREAM");
    threads =
        List.of(
            Thread.ofPlatform().name("responder-reads").start(() -> run(this::read)),
            Thread.ofPlatform().name("responder-offers").start(() -> run(this::offerLater)));
  }

  /** Entries that it was given. */
  public int taken() {
    return taken.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    threads.forEach(Thread::interrupt);
    entries.close();
    firstOffers.close();
    laterOffers.close();
  }

  /** Work of a thread. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      if (!closed) {
        throw new UncheckedIOException(e);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws IOException {
    while (!closed) {
      var found =
          (List<?>)
              entries.command(
                  "XREADGROUP",
                  "GROUP",
                  GROUP,
                  "responder",
                  "COUNT",
                  "100",
                  "BLOCK",
                  "1000",
                  "STREAMS",
                  event,
                  ">");
      if (found != null) {
        offer(ids((List<?>) ((List<?>) found.getFirst()).get(1)));
      }
    }
  }

  private static List<String> ids(List<?> found) {
    return found.stream().map(entry -> (String) ((List<?>) entry).getFirst()).toList();
  }

  private void offer(List<String> ids) throws IOException {
    long now = System.nanoTime();
    taken.addAndGet(ids.size());
    for (String id : ids) {
      firstOffers.send("PUBLISH", event + ":" + id, answer);
    }
    for (String id : ids) {
      long receivers = (Long) firstOffers.read();
      var plan = new OfferPlan(now, () -> false, false, now, PATIENCE, Long.MAX_VALUE);
      follow(id, plan, plan.offered(receivers, System.nanoTime()));
    }
  }

  private void offerLater() throws IOException, InterruptedException {
    while (!closed) {
      Later due = later.take();
      if (due.settle()) {
        laterOffers.command("XACK", event, GROUP, due.id());
      } else {
        long receivers = (Long) laterOffers.command("PUBLISH", event + ":" + due.id(), answer);
        follow(due.id(), due.plan(), due.plan().offered(receivers, System.nanoTime()));
      }
    }
  }

  private void follow(String id, OfferPlan plan, Next next) {
    switch (next) {
      case OFFER -> later.add(new Later(id, plan, false));
      case SETTLE, GIVE_UP -> later.add(new Later(id, plan, true));
      case SETTLE_AND_OFFER -> {
        later.add(new Later(id, plan, true));
        later.add(new Later(id, plan, false));
      }
      case DONE -> {}
    }
  }
}
