package dev.spectacles.proxy.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One tab of a {@link Browser}. */
final class Tab implements AutoCloseable {
  /** What the system prefers. */
  enum Scheme {
    LIGHT,
    DARK
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE_SECONDS = 60;

  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private Tab(HttpClient http, URI url) throws InterruptedException {
    this.socket = await(http.newWebSocketBuilder().buildAsync(url, new Messages()));
  }

  static Tab connect(HttpClient http, String target) throws IOException, InterruptedException {
    var tab =
        new Tab(http, URI.create(JSON.readTree(target).path("webSocketDebuggerUrl").asText()));
    tab.send("Page.enable", Map.of());
    tab.send("Runtime.enable", Map.of());
    tab.send("Log.enable", Map.of());
    return tab;
  }

  void show(URI url, int width, int height, Scheme scheme) throws InterruptedException {
    resize(width, height, scheme);
    send("Page.navigate", Map.of("url", url.toString()));
  }

  void resize(int width, int height, Scheme scheme) throws InterruptedException {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of(
                    "name",
                    "prefers-color-scheme",
                    "value",
                    scheme == Scheme.DARK ? "dark" : "light"))));
  }

  /** Value of an expression in JavaScript, awaited. */
  JsonNode evaluate(String expression) throws InterruptedException {
    JsonNode result =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Text of the element with this id. */
  String text(String id) throws InterruptedException {
    return evaluate("document.getElementById('" + id + "')?.textContent ?? ''").asText();
  }

  /** Writes an image of the whole page. */
  void screenshot(Path file) throws InterruptedException {
    JsonNode size = send("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
    JsonNode image =
        send(
            "Page.captureScreenshot",
            Map.of(
                "format",
                "png",
                "captureBeyondViewport",
                true,
                "clip",
                Map.of(
                    "x", 0,
                    "y", 0,
                    "width", size.path("width").asDouble(),
                    "height", size.path("height").asDouble(),
                    "scale", 1)));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(image.path("data").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Errors of scripts, and what the page's policy kept out. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private JsonNode send(String method, Map<String, Object> parameters) throws InterruptedException {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    answers.put(id, answer);
    try {
      String message =
          JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
      await(socket.sendText(message, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode found = await(answer);
    if (found.has("error")) {
      throw new AssertionError(method + ": " + found.path("error"));
    }
    return found.path("result");
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("chromium does not answer", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        received(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void received(String text) {
      try {
        JsonNode json = JSON.readTree(text);
        if (json.has("id")) {
          CompletableFuture<JsonNode> answer = answers.remove(json.path("id").asInt());
          if (answer != null) {
            answer.complete(json);
          }
          return;
        }
        String event = json.path("method").asText();
        if (event.equals("Runtime.exceptionThrown") || event.equals("Log.entryAdded")) {
          complaints.add(json.path("params").toString());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
