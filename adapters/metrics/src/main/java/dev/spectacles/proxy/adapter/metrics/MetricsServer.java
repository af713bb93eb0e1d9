package dev.spectacles.proxy.adapter.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP server that a Prometheus scrapes, on virtual threads.
 *
 * <p>Serves GET and HEAD of one path, so many at a time as a few scrapers need; more are told to
 * come back.
 */
public final class MetricsServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
  private static final int SCRAPES_AT_ONCE = 4;
  private static final int BACKLOG = 64;
  private static final int STOP_SECONDS = 1;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());
  private final Semaphore scrapes = new Semaphore(SCRAPES_AT_ONCE);
  private final String path;
  private final PrometheusProxyEvents metrics;

  private MetricsServer(HttpServer server, String path, PrometheusProxyEvents metrics) {
    this.server = server;
    this.path = path;
    this.metrics = metrics;
  }

  /**
   * Starts to listen.
   *
   * @param addr {@code host:port}; port 0 for any that is free
   * @param path with or without a slash in front
   * @throws IllegalArgumentException if the address or the path is none
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public static MetricsServer start(String addr, String path, PrometheusProxyEvents metrics) {
    InetSocketAddress address = ListenAddress.parse(addr);
    String absolute = absolute(path);
    HttpServer http;
    try {
      http = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "metrics.addr: %s cannot be listened on (%s): stop what uses it or choose another port"
              .formatted(addr, e.getMessage()),
          e);
    }
    var server = new MetricsServer(http, absolute, metrics);
    server.listen();
    return server;
  }

  /** Where it listens; tells the port that was free. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops listening and ends scrapes that are under way, within about a second. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("metrics: a scrape was still running {} s after the stop", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    log.info(
        "metrics: at http://{}:{}{}",
        address().getAddress().getHostAddress(),
        address().getPort(),
        path);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!exchange.getRequestURI().getRawPath().equals(path)) {
        answer(exchange, 404, PLAIN_TEXT, "not found: metrics are at " + path + "\n");
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, 405, PLAIN_TEXT, "method not allowed\n");
      } else if (!scrapes.tryAcquire()) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, 503, PLAIN_TEXT, "too many scrapes at once\n");
      } else {
        try {
          answer(exchange, 200, TEXT_FORMAT, metrics.scrape());
        } finally {
          scrapes.release();
        }
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String absolute(String path) {
    String absolute = path.startsWith("/") ? path : "/" + path;
    boolean plain =
        absolute.chars().allMatch(c -> c > ' ' && c <= '~' && "?#%\\\"<>^`{|}".indexOf(c) < 0);
    if (!plain) {
      throw new IllegalArgumentException(
          "metrics.path: \"%s\" (expected: a path, such as metrics)".formatted(path));
    }
    return absolute;
  }
}
