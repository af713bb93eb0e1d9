package dev.spectacles.proxy.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy that serves nobody but callers over HTTP, and such a caller. */
final class HttpCallers implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("http: at (http://\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ProxyProcess proxy;
  private final URI root;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** With these settings beside those that choose the door, no broker and no cache. */
  HttpCallers(URI discord, Map<String, String> settings) throws InterruptedException {
    var all = new HashMap<String, String>();
    all.put("BROKER_TYPE", "local");
    all.put("HTTP_ADDR", ":0");
    all.put("CACHE_REST_ENABLED", "false");
    all.put("DISCORD_API_URL", discord.toString());
    all.putAll(settings);
    proxy = ProxyProcess.start(all);
    Matcher listening = LISTENING.matcher(proxy.output());
    if (!listening.find()) {
      proxy.kill();
      throw new IllegalStateException("the proxy does not listen: " + proxy.output());
    }
    root = URI.create(listening.group(1));
  }

  ProxyProcess proxy() {
    return proxy;
  }

  int port() {
    return root.getPort();
  }

  /** A GET below {@code /api/v10} that is not sent yet. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(root.resolve(path)).timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> start(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
    proxy.close();
  }
}
