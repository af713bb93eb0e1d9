package dev.spectacles.proxy.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** The server behind the cache that http-cache-tests tests, in a process of its own. */
final class CacheOrigin implements AutoCloseable {
  private static final int STOP_SECONDS = 10;

  private final Process process;
  private final BufferedReader output;
  private final int port;

  private CacheOrigin(Process process, BufferedReader output, int port) {
    this.process = process;
    this.output = output;
    this.port = port;
  }

  /** Starts it and waits until it listens. */
  static CacheOrigin start(NodeProject project) throws IOException {
    Process process = project.start("cache-origin.mjs");
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    if (line == null) {
      process.destroyForcibly();
      throw new IllegalStateException("the suite's origin ended before it listened");
    }
    // What it prints afterwards must not block it.
    Thread.ofVirtual().name("origin-output").start(() -> output.lines().forEach(ignored -> {}));
    return new CacheOrigin(process, output, Integer.parseInt(line));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() throws IOException {
    process.outputWriter().close();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    output.close();
  }
}
