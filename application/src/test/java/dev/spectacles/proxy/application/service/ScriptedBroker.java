package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out the deliveries of the test, and nothing more of a broker. */
final class ScriptedBroker implements Broker {
  /** What happens before an event is published. */
  interface Before {
    boolean happens() throws InterruptedException;
  }

  volatile Before beforePublishing = () -> true;

  /** Event that was published. */
  record Published(String event, byte[] payload) {}

  final BlockingQueue<Published> published = new LinkedBlockingQueue<>();
  final List<String> subscriptions = new CopyOnWriteArrayList<>();
  final ScriptedEventStream stream = new ScriptedEventStream();
  final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
  final AtomicInteger failures = new AtomicInteger();
  final AtomicInteger receives = new AtomicInteger();
  volatile int mostAskedFor;
  volatile OptionalLong backlog = OptionalLong.empty();
  volatile Optional<String> absence = Optional.empty();
  volatile boolean started;
  volatile boolean drained;
  volatile boolean closed;

  @Override
  public void start() {
    started = true;
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    receives.incrementAndGet();
    mostAskedFor = Math.max(mostAskedFor, atMost);
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new BrokerException("connection lost");
    }
    var taken = new ArrayList<Delivery>();
    Delivery first = waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      taken.add(first);
      waiting.drainTo(taken, atMost - 1);
    }
    return taken;
  }

  @Override
  public void publish(String event, byte[] payload) throws InterruptedException {
    beforePublishing.happens();
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new BrokerException("connection lost");
    }
    published.add(new Published(event, payload));
  }

  @Override
  public EventStream events(String subscriber, List<String> names) {
    subscriptions.add(subscriber + " " + names);
    return stream;
  }

  @Override
  public Optional<String> absence() {
    return absence;
  }

  @Override
  public OptionalLong backlog() {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new BrokerException("connection lost");
    }
    return backlog;
  }

  @Override
  public void drain() {
    drained = true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
