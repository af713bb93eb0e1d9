package dev.spectacles.proxy.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP server that makes every request one to the proxy, for clients that speak HTTP only. */
final class HttpShim implements AutoCloseable {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);
  private static final int BACKLOG = 512;

  /** Where the answer's date is, in whose place the server writes its own. */
  private static final String DATE = "shim-date";

  /** The server writes its own. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("connection", "content-length", "transfer-encoding");

  private final RequestClient proxy;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private HttpShim(RequestClient proxy, HttpServer server) {
    this.proxy = proxy;
    this.server = server;
  }

  /** Listens on a free port of loopback. */
  static HttpShim start(RequestClient proxy) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var shim = new HttpShim(proxy, HttpServer.create(address, BACKLOG));
    shim.server.setExecutor(shim.threads);
    shim.server.createContext("/", shim::serve);
    shim.server.start();
    return shim;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<ProxyResponse> response = proxy.call(call(exchange), LONGEST_CALL);
      if (response.isPresent() && response.get() instanceof ProxyResponse.Http answer) {
        answer(exchange, answer);
      } else {
        // As a gateway answers that got nothing from behind it.
        exchange.sendResponseHeaders(502, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Call call(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name, String.join(", ", values)));
    URI uri = exchange.getRequestURI();
    byte[] body = exchange.getRequestBody().readAllBytes();
    return new Call(
        exchange.getRequestMethod(),
        uri.getRawPath(),
        query(uri),
        headers,
        body.length == 0 ? Optional.empty() : Optional.of(body));
  }

  private static Map<String, String> query(URI uri) {
    var query = new LinkedHashMap<String, String>();
    if (uri.getRawQuery() != null) {
      for (String parameter : uri.getRawQuery().split("&", -1)) {
        String[] parts = parameter.split("=", 2);
        query.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, ProxyResponse.Http answer) throws IOException {
    answer
        .headers()
        .without(OF_THE_SERVER::contains)
        .fields()
        .forEach(field -> exchange.getResponseHeaders().add(field.name(), field.value()));
    answer.headers().first("date").ifPresent(date -> exchange.getResponseHeaders().add(DATE, date));
    int size = answer.body().size();
    boolean bodyless = size == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.code(), bodyless ? -1 : size);
    if (!bodyless) {
      exchange.getResponseBody().write(answer.body().bytes());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
