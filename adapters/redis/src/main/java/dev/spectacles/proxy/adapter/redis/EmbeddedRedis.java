package dev.spectacles.proxy.adapter.redis;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.core.RedisServerBuilder;
import redis.embedded.model.OsArchitecture;

/**
 * Real Redis server on loopback, a child of this process, from the binary in the {@code
 * embedded-redis} jar.
 *
 * <p>It keeps nothing on disk: for a first try and for tests.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final String LOOPBACK = "127.0.0.1";
  // Linked statically, for machines without the libraries that the usual binary needs.
  private static final String STATIC_BINARY = "/redis-server-6.2.7-linux-386";

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final RedisServer server;
  private final int port;
  private final Path directory;

  private EmbeddedRedis(RedisServer server, int port, Path directory) {
    this.server = server;
    this.port = port;
    this.directory = directory;
  }

  /** Starts on this port if it is free, else on another. */
  public static EmbeddedRedis start(int preferredPort) throws IOException {
    return startOn(isFree(preferredPort) ? preferredPort : freePort());
  }

  /** Starts on any free port. */
  public static EmbeddedRedis start() throws IOException {
    return startOn(freePort());
  }

  /** Port it listens on. */
  public int port() {
    return port;
  }

  /** Address for {@code redis.url}. */
  public String url() {
    return "redis://" + LOOPBACK + ":" + port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException e) {
      LOG.warn("Embedded Redis on port {} did not stop: {}", port, e.getMessage());
    }
    delete(directory);
  }

  private static EmbeddedRedis startOn(int port) throws IOException {
    Path directory = Files.createTempDirectory("spectacles-redis-");
    boolean started = false;
    try {
      RedisServer server = launch(port, directory);
      started = true;
      return new EmbeddedRedis(server, port, directory);
    } finally {
      if (!started) {
        delete(directory);
      }
    }
  }

  private static RedisServer launch(int port, Path directory) throws IOException {
    try {
      return launch(port, directory, ExecutableProvider.newJarResourceProvider());
    } catch (IOException usual) {
      OsArchitecture machine = OsArchitecture.detectOSandArchitecture();
      if (!machine.equals(OsArchitecture.UNIX_x86_64)) {
        throw cannotStart(port, usual);
      }
      LOG.debug("The usual binary did not start: {}; trying the static one", usual.getMessage());
      var binaries = new HashMap<>(ExecutableProvider.newProvidedVersionsMap());
      binaries.put(machine, STATIC_BINARY);
      try {
        return launch(port, directory, ExecutableProvider.newJarResourceProvider(binaries));
      } catch (IOException e) {
        usual.addSuppressed(e);
        throw cannotStart(port, usual);
      }
    }
  }

  private static RedisServer launch(int port, Path directory, ExecutableProvider binary)
      throws IOException {
    File executable = into(directory, binary.get());
    RedisServerBuilder builder =
        RedisServer.newRedisServer()
            .executableProvider(() -> executable)
            .port(port)
            .bind(LOOPBACK)
            .onShutdownForceStop(false);
    for (String setting :
        List.of("save \"\"", "appendonly no", "maxmemory-policy noeviction", "dir " + directory)) {
      builder.setting(setting);
    }
    RedisServer server = builder.build();
    server.start();
    return server;
  }

  /**
   * Program that runs the binary out of reach of Ctrl-C, where that can be had: a terminal sends it
   * to every process of the group, and the server has to outlive the proxy's last answers.
   */
  private static File into(Path directory, File extracted) throws IOException {
    Path binary = directory.resolve("redis-server");
    Files.move(extracted.toPath(), binary, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(extracted.toPath().getParent());
    if (!Files.isExecutable(SETSID)) {
      return binary.toFile();
    }
    Path script = directory.resolve("redis-server.sh");
    Files.writeString(script, "#!/bin/sh\nexec " + SETSID + " '" + binary + "' \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toFile();
  }

  private static IOException cannotStart(int port, IOException cause) {
    return new IOException(
        "Embedded Redis cannot start on port "
            + port
            + ": "
            + cause.getMessage()
            + " (expected: Linux or macOS with libssl 3, and a temporary folder that permits"
            + " programs); install Redis and set redis.url instead",
        cause);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.debug("{} was left behind: {}", directory, e.getMessage());
    }
  }
}
