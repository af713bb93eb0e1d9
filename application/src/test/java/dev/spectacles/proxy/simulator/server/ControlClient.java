package dev.spectacles.proxy.simulator.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Talks to the control port of another process. */
final class ControlClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  ControlClient(URI base) {
    this.base = base;
  }

  String get(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  String post(String path, String body) {
    return send(
        HttpRequest.newBuilder(base.resolve(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    http.close();
  }

  private String send(HttpRequest.Builder request) {
    try {
      var response =
          http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 400) {
        throw new IllegalArgumentException(response.body().strip());
      }
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.statusCode() + ": " + response.body().strip());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException("the simulator's control port does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while talking to the simulator", e);
    }
  }
}
