package dev.spectacles.proxy.adapter.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unix socket that is listened at, in the file system for its owner alone.
 *
 * <p>It comes into being in a directory that nobody else can enter and is moved to its place when
 * its permissions are set: there is no moment at which others could connect. The move also replaces
 * what a dead process left.
 */
final class SocketFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  /** The system's limit is 104 or 108, with what ends it. */
  private static final int LONGEST_PATH = 100;

  /** Of a file's mode, the bits that tell what it is, and what they are for a socket. */
  private static final int FILE_TYPE = 0xF000;

  private static final int SOCKET = 0xC000;

  private final Path path;
  private final ServerSocketChannel channel;
  private final Optional<Object> identity;

  private SocketFile(Path path, ServerSocketChannel channel, Optional<Object> identity) {
    this.path = path;
    this.channel = channel;
    this.identity = identity;
  }

  /** Listens there; {@link BrokerException} says why it cannot. */
  static SocketFile bind(Path path) {
    Path place = path.toAbsolutePath();
    Path parent = place.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw unusable(place, "a path in a directory that exists");
    }
    if (place.toString().getBytes(UTF_8).length > LONGEST_PATH) {
      throw unusable(place, "at most " + LONGEST_PATH + " bytes");
    }
    try {
      requireFree(place);
      return bind(place, parent);
    } catch (IOException e) {
      throw new BrokerException("ipc.path: " + place + " cannot be listened at: " + reason(e), e);
    }
  }

  /** Waits for somebody to connect. */
  SocketChannel accept() throws IOException {
    return channel.accept();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Listens no longer and removes the file, unless it is another's by now. */
  @Override
  public void close() {
    try {
      channel.close();
      if (identity.isPresent() && identity.equals(identity(path))) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("{} is not removed: {}", path, reason(e));
    }
  }

  private static SocketFile bind(Path place, Path parent) throws IOException {
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    // Short, as it counts for the path that is bound.
    String name = "." + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path directory =
        Files.createDirectory(
            parent.resolve(name), PosixFilePermissions.asFileAttribute(ownerOnly));
    Path hidden = directory.resolve("s");
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean bound = false;
    try {
      channel.bind(UnixDomainSocketAddress.of(hidden));
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
      Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
      bound = true;
      return new SocketFile(place, channel, identity(place));
    } finally {
      if (!bound) {
        channel.close();
        Files.deleteIfExists(hidden);
      }
      Files.deleteIfExists(directory);
    }
  }

  private static void requireFree(Path place) throws IOException {
    if (!Files.exists(place, NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(place)) {
      throw unusable(place, "a socket or nothing there");
    }
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A process whose queue is full would keep a blocking one waiting.
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(place));
    } catch (ConnectException deadOwner) {
      LOG.info("{} was left by a process that has gone, and is replaced", place);
      return;
    } catch (IOException living) {
      // Its queue is full, or it is another user's.
      throw inUse(place, living);
    }
    throw inUse(place, null);
  }

  /** A pipe or a device is neither a file nor a directory, too. */
  private static boolean isSocket(Path place) throws IOException {
    return Files.getAttribute(place, "unix:mode", NOFOLLOW_LINKS) instanceof Integer mode
        && (mode & FILE_TYPE) == SOCKET;
  }

  private static BrokerException inUse(Path place, @Nullable IOException cause) {
    String text =
        "ipc.path: " + place + " is served by another process (expected: a path of its own)";
    return cause == null ? new BrokerException(text) : new BrokerException(text, cause);
  }

  /** Device and inode. */
  private static Optional<Object> identity(Path place) throws IOException {
    if (!Files.exists(place, NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        Files.readAttributes(place, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey());
  }

  private static BrokerException unusable(Path place, String expected) {
    return new BrokerException("ipc.path: " + place + " (expected: " + expected + ")");
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
