package dev.spectacles.proxy.adapter.discord;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** Adapter under test in front of a server on loopback, and requests for it. */
final class Api implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  static final Duration LONG = Duration.ofSeconds(20);

  /** Marks what must never show up in a message. */
  static final String SECRET = "s3cr3t-t0ken";

  static final Clock CLOCK =
      new Clock() {
        @Override
        public Instant wallTime() {
          return Instant.now();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) {
          LockSupport.parkNanos(duration.toNanos());
        }
      };

  final JdkDiscordApi discord;

  Api(DiscordSettings settings) {
    discord = new JdkDiscordApi(settings, CLOCK);
  }

  Api(DiscordSettings settings, SSLContext tls) {
    discord = new JdkDiscordApi(settings, CLOCK, Optional.of(tls));
  }

  static Api of(RawServer server) {
    return new Api(settings(server.port(), LONG));
  }

  static DiscordSettings settings(int port, Duration timeout) {
    return settings("http", port, timeout);
  }

  static DiscordSettings settings(String scheme, int port, Duration timeout) {
    return new DiscordSettings(
        URI.create(scheme + "://127.0.0.1:" + port + "/api"),
        10,
        timeout,
        100_000,
        DiscordSettings.userAgentOf("https://example.org", "1.2.3"));
  }

  static ProxyRequest request(String method, String path, String body, Header... headers) {
    return request(method, path, List.of(), Body.of(body), headers);
  }

  static ProxyRequest request(
      String method, String path, List<QueryParameter> query, Body body, Header... headers) {
    try {
      return new ProxyRequest(
          HttpMethod.parse(method),
          ApiPath.parse(path),
          query,
          new Headers(List.of(headers)),
          body,
          Optional.empty());
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }

  ProxyResponse.Http send(ProxyRequest request) throws DiscordException, InterruptedException {
    return discord.send(request, Deadline.none(), () -> {});
  }

  ProxyResponse.Http send(ProxyRequest request, Duration deadline)
      throws DiscordException, InterruptedException {
    return discord.send(request, Deadline.after(deadline, CLOCK.nanoTime()), () -> {});
  }

  /** The failure that this request ends in. */
  DiscordException failure(ProxyRequest request) throws InterruptedException {
    return failure(request, Optional.empty());
  }

  DiscordException failure(ProxyRequest request, Optional<Duration> deadline)
      throws InterruptedException {
    try {
      var answer = deadline.isPresent() ? send(request, deadline.get()) : send(request);
      throw new AssertionError("answered: " + answer);
    } catch (DiscordException e) {
      return e;
    }
  }

  /** Closes the adapter within a test. */
  void stop() {
    discord.close();
  }

  @Override
  public void close() {
    stop();
  }
}
