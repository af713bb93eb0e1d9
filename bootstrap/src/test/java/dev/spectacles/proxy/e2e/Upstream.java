package dev.spectacles.proxy.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP server in Discord's place that remembers what it got, and can make everybody wait. */
final class Upstream implements AutoCloseable {
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /**
   * Request as it arrived.
   *
   * @param headers by lower-case name
   */
  record Seen(String method, String target, Map<String, List<String>> headers, byte[] body) {
    String header(String name) {
      return String.join(", ", headers.getOrDefault(name, List.of()));
    }
  }

  /** Server that answers with this handler, once the gate is open. */
  Upstream(HttpHandler handler) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, handler));
    server.start();
  }

  /** Server that answers everything with {@code {}}. */
  static Upstream answeringOk() throws IOException {
    return new Upstream(exchange -> answer(exchange, 200, new byte[] {'{', '}'}));
  }

  /** Root of the API. */
  URI apiUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api");
  }

  List<Seen> seen() {
    return seen;
  }

  void forget() {
    seen.clear();
  }

  /** From now on nobody is answered. */
  void closeGate() {
    gate = new CountDownLatch(1);
  }

  /** Answers all who wait. */
  void openGate() {
    gate.countDown();
  }

  static void answer(HttpExchange exchange, int code, byte[] body) throws IOException {
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    openGate();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange, HttpHandler handler) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var headers = new HashMap<String, List<String>>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    exchange.setAttribute("body", body);
    seen.add(
        new Seen(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
    try {
      gate.await();
      handler.handle(exchange);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
