package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.ArrayList;
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
  final BlockingQueue<String> abandoned = new LinkedBlockingQueue<>();
  final CountDownLatch closed = new CountDownLatch(1);

  /** Adds an event; where its ack is not heard, that of its redelivery is. */
  void add(String id, byte[] payload, boolean ackIsHeard) {
    waiting.add(Optional.of(new ScriptedEvent(id, payload, ackIsHeard, false)));
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    Optional<Event> event = waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    var taken = new ArrayList<Event>();
    while (event != null && event.isPresent() && taken.size() < atMost) {
      taken.add(event.get());
      event = taken.size() < atMost ? waiting.poll() : null;
    }
    return taken;
  }

  @Override
  public void close() {
    closed.countDown();
    waiting.add(Optional.empty());
  }

  private final class ScriptedEvent implements Event {
    private final String id;
    private final byte[] payload;
    private final boolean ackIsHeard;
    private final boolean redelivered;

    ScriptedEvent(String id, byte[] payload, boolean ackIsHeard, boolean redelivered) {
      this.id = id;
      this.payload = payload;
      this.ackIsHeard = ackIsHeard;
      this.redelivered = redelivered;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String name() {
      return "SEND";
    }

    @Override
    public byte[] payload() {
      return payload;
    }

    @Override
    public boolean redelivered() {
      return redelivered;
    }

    @Override
    public void ack() {
      if (!ackIsHeard) {
        throw new BrokerException("ack of " + id + " was not heard");
      }
      acked.add(id);
    }

    @Override
    public void abandon() {
      abandoned.add(id);
      waiting.add(Optional.of(new ScriptedEvent(id, payload, true, true)));
    }
  }
}
