package dev.spectacles.proxy.shelf;

import static java.util.Comparator.comparing;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Answers as files, each with the end of its time before it; whoever uses the same folder shares
 * them. Where there is no room, the oldest go. Thread-safe.
 */
final class ShelfResponseStore implements ResponseStore {
  private static final String HALF_WRITTEN = ".tmp";

  private record Book(Path file, long size, FileTime written) {}

  private final Path folder;
  private final long mostInAll;
  private final int mostPerEntry;
  private final Clock clock;

  ShelfResponseStore(Path folder, long mostInAll, int mostPerEntry, Clock clock) {
    this.folder = folder;
    this.mostInAll = mostInAll;
    this.mostPerEntry = mostPerEntry;
    this.clock = clock;
  }

  @Override
  public Optional<byte[]> get(CacheKey key) {
    try {
      byte[] book = Files.readAllBytes(file(key));
      long until = ByteBuffer.wrap(book).getLong();
      return now() < until
          ? Optional.of(Arrays.copyOfRange(book, Long.BYTES, book.length))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("Reading", e);
    }
  }

  @Override
  public boolean put(CacheKey key, byte[] response, Duration kept) {
    if (response.length > mostPerEntry) {
      remove(key);
      return false;
    }
    byte[] book =
        ByteBuffer.allocate(Long.BYTES + response.length)
            .putLong(now() + kept.toMillis())
            .put(response)
            .array();
    try {
      Files.createDirectories(folder);
      // Nobody sees a part of it.
      Path writing = folder.resolve(UUID.randomUUID() + HALF_WRITTEN);
      Files.write(writing, book);
      Files.move(writing, file(key), StandardCopyOption.ATOMIC_MOVE);
      makeRoom();
      return true;
    } catch (IOException e) {
      throw failed("Keeping", e);
    }
  }

  private void remove(CacheKey key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw failed("Removing", e);
    }
  }

  @Override
  public Usage usage() {
    try {
      List<Book> books = books();
      return new Usage(books.size(), bytes(books));
    } catch (IOException e) {
      throw failed("Counting", e);
    }
  }

  @Override
  public void close() {}

  private void makeRoom() throws IOException {
    List<Book> books = books();
    long bytes = bytes(books);
    for (Book oldest : books.stream().sorted(comparing(Book::written)).toList()) {
      if (bytes <= mostInAll) {
        return;
      }
      Files.deleteIfExists(oldest.file());
      bytes -= oldest.size();
    }
  }

  private List<Book> books() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> !file.toString().endsWith(HALF_WRITTEN)).toList();
    }
    var books = new ArrayList<Book>();
    for (Path file : files) {
      try {
        books.add(new Book(file, Files.size(file), Files.getLastModifiedTime(file)));
      } catch (NoSuchFileException e) {
        // Somebody else has removed it.
        continue;
      }
    }
    return books;
  }

  private static long bytes(List<Book> books) {
    return books.stream().mapToLong(Book::size).sum();
  }

  /** Scope and hash have nothing in them that a file's name could not have. */
  private Path file(CacheKey key) {
    return folder.resolve(key.scope() + "-" + key.hash());
  }

  private long now() {
    return clock.wallTime().toEpochMilli();
  }

  /** Without the exception's own message, which tells the file. */
  private static StoreException failed(String action, IOException e) {
    return new StoreException(action + " an answer failed: " + e.getClass().getSimpleName());
  }
}
