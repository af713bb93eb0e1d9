package dev.spectacles.proxy.paper;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Folder of messages, in the order of their names. A file that is moved is moved by one process
 * only: so it is taken, held and given back. Thread-safe.
 */
final class PaperTray implements AutoCloseable {
  private static final String AGAIN = ".again";
  private static final Duration LOOK = Duration.ofMillis(5);

  /** Message that was taken. */
  record Sheet(String id, boolean again, Path held) {
    byte[] read() {
      try {
        return Files.readAllBytes(held);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Path waiting;
  private final Path holding;
  private final Clock clock;
  private final Set<Sheet> held = ConcurrentHashMap.newKeySet();
  private volatile boolean drained;

  PaperTray(Path folder, Clock clock) {
    this.waiting = made(folder.resolve("waiting"));
    this.holding = made(folder.resolve("held"));
    this.clock = clock;
  }

  /** Adds a message, which is either there as a whole or not at all. */
  static void put(Path folder, String id, byte[] message) {
    try {
      Path draft = made(folder).resolve(UUID.randomUUID().toString());
      Files.write(draft, message);
      Files.move(draft, made(folder.resolve("waiting")).resolve(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Sheet> take(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    long end = clock.nanoTime() + wait.toNanos();
    List<Sheet> taken = takeNow(atMost);
    while (taken.isEmpty() && !drained && end - clock.nanoTime() > 0) {
      clock.sleep(LOOK);
      taken = takeNow(atMost);
    }
    return taken;
  }

  void requireHeld(Sheet sheet) {
    if (!held.contains(sheet)) {
      throw new BrokerException(sheet.id() + " is held no more");
    }
  }

  void settle(Sheet sheet) {
    if (!held.remove(sheet)) {
      throw new BrokerException(sheet.id() + " is held no more");
    }
    try {
      Files.delete(sheet.held());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void giveBack(Sheet sheet) {
    if (held.remove(sheet)) {
      move(sheet.held(), waiting.resolve(sheet.id() + AGAIN));
    }
  }

  void drain() {
    drained = true;
  }

  @Override
  public void close() {
    drain();
    List.copyOf(held).forEach(this::giveBack);
  }

  private List<Sheet> takeNow(int atMost) {
    var taken = new ArrayList<Sheet>();
    try (Stream<Path> files = Files.list(waiting)) {
      for (Path file : files.sorted().toList()) {
        if (taken.size() == atMost || drained) {
          break;
        }
        String name = String.valueOf(file.getFileName());
        boolean again = name.endsWith(AGAIN);
        String id = again ? name.substring(0, name.length() - AGAIN.length()) : name;
        var sheet = new Sheet(id, again, holding.resolve(id));
        if (move(file, sheet.held())) {
          held.add(sheet);
          taken.add(sheet);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return taken;
  }

  /** Whether this process was the one to move it. */
  private static boolean move(Path from, Path to) {
    try {
      Files.move(from, to);
      return true;
    } catch (NoSuchFileException takenByAnother) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
