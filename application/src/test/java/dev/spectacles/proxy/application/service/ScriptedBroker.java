package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out the deliveries of the test, and nothing more of a broker. */
final class ScriptedBroker implements Broker {
  final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
  final AtomicInteger failures = new AtomicInteger();
  final AtomicInteger receives = new AtomicInteger();
  volatile int mostAskedFor;
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
  public void drain() {
    drained = true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
