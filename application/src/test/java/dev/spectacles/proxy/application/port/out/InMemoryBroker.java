package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Broker in memory that passes {@link BrokerContract}; closing one is also its crash. */
public final class InMemoryBroker implements Broker {
  private static final Duration RETRY = Duration.ofMillis(2);

  private final InMemoryExchange exchange;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, InMemoryExchange.Message> held = new LinkedHashMap<>();
  private volatile boolean drained;
  private boolean closed;

  /** Broker on this exchange that offers answers for so long. */
  public InMemoryBroker(InMemoryExchange exchange, Duration patience) {
    this.exchange = exchange;
    this.patience = patience;
  }

  @Override
  public void start() {}

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    List<InMemoryExchange.Message> taken = exchange.take(atMost, wait, this);
    lock.lock();
    try {
      if (closed) {
        exchange.giveBack(taken);
        return List.of();
      }
      taken.forEach(message -> held.put(message.id, message));
      return taken.stream().<Delivery>map(Held::new).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void drain() {
    exchange.locked(() -> drained = true);
  }

  @Override
  public void close() {
    drain();
    lock.lock();
    try {
      closed = true;
      exchange.giveBack(List.copyOf(held.values()));
      held.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Number of deliveries that are not settled. */
  public int held() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  boolean drained() {
    return drained;
  }

  private final class Held implements Delivery {
    private final InMemoryExchange.Message message;
    private final boolean redelivered;
    private final boolean sentBefore;

    private Held(InMemoryExchange.Message message) {
      this.message = message;
      this.redelivered = message.redelivered;
      this.sentBefore = message.sent;
    }

    @Override
    public String id() {
      return message.id;
    }

    @Override
    public ProxyRequest request() throws InvalidRequestException {
      return message.content.decode();
    }

    @Override
    public long size() {
      return message.size;
    }

    @Override
    public Optional<Instant> expiry() {
      return message.expiry;
    }

    @Override
    public Duration age() {
      return Duration.ofNanos(exchange.clock().nanoTime() - message.publishedAt);
    }

    @Override
    public boolean redelivered() {
      return redelivered;
    }

    @Override
    public boolean mayHaveBeenSent() {
      return redelivered && sentBefore;
    }

    @Override
    public void markSent() {
      requireHeld();
      exchange.locked(() -> message.sent = true);
    }

    @Override
    public boolean reply(ProxyResponse response) throws InterruptedException {
      Clock clock = exchange.clock();
      long start = clock.nanoTime();
      boolean received = message.offer(response);
      while (!received && clock.nanoTime() - start < patience.toNanos()) {
        clock.sleep(RETRY);
        received = message.offer(response);
      }
      lock.lock();
      try {
        requireHeld();
        held.remove(message.id);
        exchange.locked(() -> message.settled = true);
      } finally {
        lock.unlock();
      }
      return received;
    }

    @Override
    public void abandon() {
      lock.lock();
      try {
        if (held.remove(message.id, message)) {
          exchange.giveBack(List.of(message));
        }
      } finally {
        lock.unlock();
      }
    }

    private void requireHeld() {
      lock.lock();
      try {
        if (!held.containsKey(message.id)) {
          throw new BrokerException("Request " + message.id + " is not held any more");
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
