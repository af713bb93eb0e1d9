package dev.spectacles.proxy.adapter.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP server of the pages that are about the proxy itself, on virtual threads: its metrics, for a
 * Prometheus that scrapes them, whether it lives, and what is added. Thread-safe.
 *
 * <p>Serves GET and HEAD of exactly these paths, each so many times at once as a few who watch it
 * need; more are told to come back.
 */
public final class MetricsServer implements AutoCloseable {
  /** Where {@link Page#readiness} belongs. */
  public static final String READINESS = "/readyz";

  private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

  private static final String HEALTH = "/healthz";
  private static final int AT_ONCE = 4;
  private static final int BACKLOG = 64;
  private static final int STOP_SECONDS = 1;

  /** Page with a guard of its own, so that slow scrapers do not keep others from its health. */
  private record Guarded(Page page, Semaphore room) {}

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());
  private final ConcurrentMap<String, Guarded> pages = new ConcurrentHashMap<>();
  private final String path;

  private MetricsServer(HttpServer server, String path) {
    this.server = server;
    this.path = path;
  }

  /**
   * Starts to listen, with the metrics at their path and {@code /healthz}.
   *
   * @param addr {@code host:port}; port 0 for any that is free
   * @param path of the metrics, with or without a slash in front
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
    var server = new MetricsServer(http, absolute);
    server.add(HEALTH, () -> Page.Content.text(200, "ok\n"));
    server.add(absolute, metrics.page());
    server.listen();
    return server;
  }

  /**
   * Serves one page more from now on.
   *
   * @param at its path, with a slash in front
   * @throws IllegalStateException if another page has that path
   */
  public void add(String at, Page page) {
    if (!at.startsWith("/")) {
      throw new IllegalArgumentException("page: \"" + at + "\" (expected: a path with a slash)");
    }
    if (pages.putIfAbsent(at, new Guarded(page, new Semaphore(AT_ONCE))) != null) {
      throw new IllegalStateException(
          "page: %s is there already (expected: metrics.path and all others to differ)"
              .formatted(at));
    }
  }

  /** Where it listens; tells the port that was free. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops listening and ends what is under way, within about a second. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("metrics: a page was still being made {} s after the stop", STOP_SECONDS);
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
      Guarded guarded = pages.get(exchange.getRequestURI().getRawPath());
      if (guarded == null) {
        answer(exchange, Page.Content.text(404, "not found: there are " + paths() + "\n"));
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, Page.Content.text(405, "method not allowed\n"));
      } else if (!guarded.room().tryAcquire()) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, Page.Content.text(503, "too many ask for this at once\n"));
      } else {
        try {
          answer(exchange, contentOf(guarded.page()));
        } finally {
          guarded.room().release();
        }
      }
    } catch (InterruptedException e) {
      // The server is being closed.
      Thread.currentThread().interrupt();
    }
  }

  /** A page that fails is told to the log, which the JDK's server would not. */
  private static Page.Content contentOf(Page page) throws InterruptedException {
    try {
      return page.content();
    } catch (RuntimeException e) {
      log.error("metrics: a page could not be made", e);
      return Page.Content.text(500, "this page could not be made: see the proxy's log\n");
    }
  }

  private String paths() {
    return String.join(", ", new TreeSet<>(pages.keySet()));
  }

  private static void answer(HttpExchange exchange, Page.Content content) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", content.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    content.headers().forEach(headers::set);
    if (exchange.getRequestMethod().equals("HEAD") || content.body().isEmpty()) {
      exchange.sendResponseHeaders(content.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(content.status(), content.body().size());
    exchange.getResponseBody().write(content.body().bytes());
  }

  private static String absolute(String path) {
    String absolute = path.startsWith("/") ? path : "/" + path;
    boolean plain =
        absolute.chars().allMatch(c -> c > ' ' && c <= '~' && "?#%\\\"<>^`{|}".indexOf(c) < 0);
    if (!plain || absolute.equals(HEALTH) || absolute.equals(READINESS)) {
      throw new IllegalArgumentException(
          "metrics.path: \"%s\" (expected: a path, such as metrics)".formatted(path));
    }
    return absolute;
  }
}
