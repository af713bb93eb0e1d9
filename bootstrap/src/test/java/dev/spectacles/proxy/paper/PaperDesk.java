package dev.spectacles.proxy.paper;

import dev.spectacles.proxy.application.port.out.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Folder with a tray of requests, one for each subscriber, and answers. Thread-safe. */
record PaperDesk(Path folder, Clock clock, AtomicLong last) {
  private static final Duration LOOK = Duration.ofMillis(5);

  PaperDesk(Path folder, Clock clock) {
    this(folder, clock, new AtomicLong());
  }

  PaperTray requests(String event) {
    return new PaperTray(folder.resolve("requests").resolve(event), clock);
  }

  Path events(String subscriber, String name) {
    return folder.resolve("events").resolve(subscriber).resolve(name);
  }

  /** Publishes a request; its name is also that of the answer. */
  String request(String event, byte[] request, Optional<Instant> expiry) {
    String id = nextId();
    expiry.ifPresent(at -> write("expiry", id, Long.toString(at.toEpochMilli()).getBytes()));
    PaperTray.put(folder.resolve("requests").resolve(event), id, request);
    return id;
  }

  void publish(String event, byte[] payload) {
    String id = nextId();
    try (Stream<Path> subscribers = Files.list(PaperTray.made(folder.resolve("events")))) {
      subscribers
          .map(subscriber -> subscriber.resolve(event))
          .filter(Files::isDirectory)
          .forEach(tray -> PaperTray.put(tray, id, payload));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String kind, String id) {
    return Files.exists(folder.resolve(kind).resolve(id));
  }

  byte[] read(String kind, String id) {
    try {
      return Files.readAllBytes(folder.resolve(kind).resolve(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String kind, String id, byte[] bytes) {
    try {
      Path draft = PaperTray.made(folder.resolve(kind)).resolve(id + ".draft");
      Files.write(draft, bytes);
      Files.move(draft, folder.resolve(kind).resolve(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until such a note is there; whether it came in that time. */
  boolean await(String kind, String id, Duration wait) throws InterruptedException {
    long end = clock.nanoTime() + wait.toNanos();
    while (!has(kind, id) && end - clock.nanoTime() > 0) {
      clock.sleep(LOOK);
    }
    return has(kind, id);
  }

  private String nextId() {
    long micros = clock.wallTime().toEpochMilli() * 1_000;
    return "%019d".formatted(last.updateAndGet(before -> Math.max(before + 1, micros)));
  }
}
