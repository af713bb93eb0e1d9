package dev.spectacles.proxy.paper;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Broker on a desk. */
final class PaperBroker implements Broker {
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final byte[] NOTE = {1};

  private final PaperDesk desk;
  private final Duration patience;
  private final PaperTray requests;
  private final List<Stream> streams = new CopyOnWriteArrayList<>();
  private volatile boolean started;
  private volatile boolean closed;

  PaperBroker(PaperDesk desk, String event, Duration patience) {
    this.desk = desk;
    this.patience = patience;
    this.requests = desk.requests(event);
  }

  @Override
  public void start() {
    started = true;
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    return requests.take(atMost, wait).stream().<Delivery>map(Request::new).toList();
  }

  @Override
  public void publish(String event, byte[] payload) {
    if (!started || closed) {
      throw new BrokerException(event + ": not published, as the broker does not serve");
    }
    desk.publish(event, payload);
  }

  @Override
  public EventStream events(String subscriber, List<String> names) {
    if (started) {
      throw new IllegalStateException("broker: started (expected: events before its start)");
    }
    var stream = new Stream(subscriber, names);
    streams.add(stream);
    return stream;
  }

  @Override
  public Optional<String> absence() {
    return started && !closed ? Optional.empty() : Optional.of("the desk is not served");
  }

  @Override
  public void drain() {
    requests.drain();
    streams.forEach(Stream::drain);
  }

  @Override
  public void close() {
    closed = true;
    requests.close();
    streams.forEach(Stream::close);
  }

  private final class Stream implements EventStream {
    private final Map<String, PaperTray> trays = new TreeMap<>();
    private volatile boolean over;

    Stream(String subscriber, List<String> names) {
      for (String name : names) {
        trays.put(name, new PaperTray(desk.events(subscriber, name), desk.clock()));
      }
    }

    @Override
    public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
      long end = desk.clock().nanoTime() + wait.toNanos();
      var events = new ArrayList<Event>();
      do {
        for (var tray : trays.entrySet()) {
          if (events.size() < atMost) {
            tray.getValue()
                .take(atMost - events.size(), Duration.ZERO)
                .forEach(sheet -> events.add(new Told(tray.getKey(), sheet, tray.getValue())));
          }
        }
        if (events.isEmpty()) {
          desk.clock().sleep(LOOK);
        }
      } while (events.isEmpty() && !over && end - desk.clock().nanoTime() > 0);
      return events;
    }

    void drain() {
      over = true;
      trays.values().forEach(PaperTray::drain);
    }

    @Override
    public void close() {
      drain();
      trays.values().forEach(PaperTray::close);
    }
  }

  private record Told(String name, PaperTray.Sheet sheet, PaperTray tray) implements Event {
    @Override
    public String id() {
      return sheet.id();
    }

    @Override
    public byte[] payload() {
      return sheet.read();
    }

    @Override
    public boolean redelivered() {
      return sheet.again();
    }

    @Override
    public void ack() {
      tray.settle(sheet);
    }

    @Override
    public void abandon() {
      tray.giveBack(sheet);
    }
  }

  private final class Request implements Delivery {
    private final PaperTray.Sheet sheet;
    private final byte[] bytes;

    Request(PaperTray.Sheet sheet) {
      this.sheet = sheet;
      this.bytes = sheet.read();
    }

    @Override
    public String id() {
      return sheet.id();
    }

    @Override
    public ProxyRequest request() throws InvalidRequestException {
      return RequestCodec.decode(bytes);
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public Optional<Instant> expiry() {
      return desk.has("expiry", id())
          ? Optional.of(
              Instant.ofEpochMilli(Long.parseLong(new String(desk.read("expiry", id()), US_ASCII))))
          : Optional.empty();
    }

    @Override
    public Duration age() {
      try {
        Instant written = Files.getLastModifiedTime(sheet.held()).toInstant();
        Duration age = Duration.between(written, desk.clock().wallTime());
        return age.isNegative() ? Duration.ZERO : age;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean redelivered() {
      return sheet.again();
    }

    @Override
    public boolean mayHaveBeenSent() {
      return sheet.again() && desk.has("sent", id());
    }

    @Override
    public void markSent() {
      requests.requireHeld(sheet);
      if (!desk.has("sent", id())) {
        desk.write("sent", id(), NOTE);
      }
    }

    @Override
    public boolean reply(ProxyResponse response) throws InterruptedException {
      requests.requireHeld(sheet);
      boolean received = desk.await("listening", id(), patience);
      if (received) {
        desk.write("answers", id(), ResponseCodec.encode(response));
      }
      requests.settle(sheet);
      return received;
    }

    @Override
    public void abandon() {
      requests.giveBack(sheet);
    }
  }
}
