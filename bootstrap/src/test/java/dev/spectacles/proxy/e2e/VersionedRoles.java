package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Discord with roles of guilds that are nothing but a number: a GET tells it, a PATCH increments it
 * and tells the new one. It is read or written at some moment between request and answer.
 */
final class VersionedRoles implements HttpHandler {
  private static final long LONGEST_NANOS = Duration.ofMillis(2).toNanos();

  private final Map<String, Integer> versions = new ConcurrentHashMap<>();

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    boolean write = exchange.getRequestMethod().equals("PATCH");
    String path = exchange.getRequestURI().getPath();
    try {
      passSome();
      int version = versions.merge(path, write ? 1 : 0, Integer::sum);
      passSome();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      Upstream.answer(exchange, 200, Integer.toString(version).getBytes(UTF_8));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private static void passSome() throws InterruptedException {
    Until.passes(Duration.ofNanos(ThreadLocalRandom.current().nextLong(LONGEST_NANOS)));
  }
}
