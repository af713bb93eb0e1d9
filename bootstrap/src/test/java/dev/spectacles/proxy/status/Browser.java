package dev.spectacles.proxy.status;

import dev.spectacles.proxy.testing.NotRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Headless Chromium with a profile of its own, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--hide-scrollbars",
          "--remote-debugging-port=0");

  private final Process process;
  private final Path profile;
  private final HttpClient http;
  private final int port;

  private Browser(Process process, Path profile, HttpClient http, int port) {
    this.process = process;
    this.profile = profile;
    this.http = http;
    this.port = port;
  }

  /**
   * Aborts the tests where there is no Chromium, which it says; with {@code CI=true} they fail.
   *
   * @param subject what is not tested then
   */
  static void require(String subject) {
    if (program().isEmpty()) {
      NotRun.because(subject + ", as chromium is not installed");
    }
  }

  private static Optional<Path> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(":", -1))
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser start() throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("chromium-");
    var command = new ArrayList<String>();
    command.add(program().orElseThrow().toString());
    command.addAll(FLAGS);
    command.add("--user-data-dir=" + profile);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile())
            .start();
    var http = HttpClient.newHttpClient();
    try {
      return new Browser(process, profile, http, awaitPort(process, profile));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      http.close();
      throw e;
    }
  }

  private static int awaitPort(Process process, Path profile)
      throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() - end < 0 && process.isAlive()) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() > 1) {
          return Integer.parseInt(lines.getFirst());
        }
      }
      new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    }
    throw new IllegalStateException(
        "chromium did not start: " + Files.readString(profile.resolve("output.log")));
  }

  /** A tab that shows nothing yet. */
  Tab tab() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .PUT(BodyPublishers.noBody())
            .build();
    return Tab.connect(http, http.send(request, BodyHandlers.ofString()).body());
  }

  @Override
  public void close() throws IOException {
    // Its helpers write to the profile until they end.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    for (ProcessHandle each : all) {
      await(each);
    }
    http.shutdownNow();
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void await(ProcessHandle process) {
    try {
      process.onExit().get(5, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
