package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hands out the events of the test. */
final class ScriptedEventStream implements EventStream {
  private final BlockingQueue<Optional<Event>> waiting = new LinkedBlockingQueue<>();
  final BlockingQueue<String> acked = new LinkedBlockingQueue<>();
  final CountDownLatch closed = new CountDownLatch(1);

  /** Adds an event; its ack fails if it has none to be heard by. */
  void add(String id, byte[] payload, boolean ackIsHeard) {
    waiting.add(Optional.of(new ScriptedEvent(id, payload, ackIsHeard, acked)));
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    Optional<Event> event = waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    return event == null ? List.of() : event.stream().toList();
  }

  @Override
  public void close() {
    closed.countDown();
    waiting.add(Optional.empty());
  }

  private record ScriptedEvent(
      String id, byte[] payload, boolean ackIsHeard, BlockingQueue<String> acked) implements Event {
    @Override
    public String name() {
      return "SEND";
    }

    @Override
    public boolean redelivered() {
      return false;
    }

    @Override
    public void ack() {
      if (!ackIsHeard) {
        throw new BrokerException("ack of " + id + " was not heard");
      }
      acked.add(id);
    }
  }
}
