package dev.spectacles.proxy.adapter.discord;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Discord's REST API over HTTP/1.1 with {@code java.net.http}, one virtual thread per exchange.
 *
 * <p>An exchange, from connecting to the last byte of the answer's body, has one time limit: its
 * timeout or what the deadline leaves, whichever is shorter. When that has passed, or the calling
 * thread is interrupted, its connection is closed.
 *
 * <p>Every request but GET and HEAD is written at most once per call. What remains of the client's
 * own retries: a GET or HEAD whose connection breaks before the first byte of an answer is sent
 * once more at once, and making a connection is tried twice. The system property {@code
 * jdk.httpclient.enableAllMethodRetry} would extend the former to all methods, so the adapter
 * refuses to start with it.
 *
 * <p>A request without a body has {@code Content-Length: 0}, a GET too: the client tells when it
 * writes a request only to the publisher of its body, and when a request is written is what the
 * global rate limit counts.
 *
 * <p>A server that closes a connection just as a POST is written leaves the outcome unknown ({@link
 * Kind#MAYBE_SENT}).
 */
public final class JdkDiscordApi implements DiscordApi {
  private static final String RETRY_ALL = "jdk.httpclient.enableAllMethodRetry";
  private static final Duration CLIENT_STOP = Duration.ofSeconds(2);
  private static final Duration THREADS_STOP = Duration.ofSeconds(1);

  private final DiscordSettings settings;
  private final Clock clock;
  private final RequestUrl urls;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("discord-", 0).factory());
  private final HttpClient client;
  private volatile boolean closed;

  /** Client of the API that the settings name; connects with the first request. */
  public JdkDiscordApi(DiscordSettings settings, Clock clock) {
    this(settings, clock, Optional.empty());
  }

  /**
   * Client that trusts who the context trusts.
   *
   * @param tls empty for the JDK's own trust store
   */
  JdkDiscordApi(DiscordSettings settings, Clock clock, Optional<SSLContext> tls) {
    refuseRetryOfAllMethods();
    this.settings = settings;
    this.clock = clock;
    this.urls = new RequestUrl(settings);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // HTTP/2 fails at once beyond the server's number of streams (JDK-8225647).
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .executor(threads);
    tls.ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  @Override
  public ProxyResponse.Http send(ProxyRequest request, Deadline deadline, WriteListener listener)
      throws DiscordException, InterruptedException {
    var body = new ObservedBody(request.body(), listener);
    var attempt = new Attempt(settings, body);
    Duration timeout = settings.timeoutFor(request.body().size());
    Duration left = deadline.remaining(clock.nanoTime()).orElse(timeout);
    if (left.isZero()) {
      throw attempt.refused(Kind.DEADLINE_PASSED, "the request's deadline had passed already");
    }
    boolean deadlineFirst = deadline.nanos().isPresent() && left.compareTo(timeout) <= 0;
    HttpRequest http = httpRequest(request, body);
    Future<ProxyResponse.Http> exchange = start(http, attempt);
    try {
      return TimeLimiter.of(wholeMillis(deadlineFirst ? left : timeout))
          .executeFutureSupplier(() -> exchange);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (TimeoutException e) {
      throw deadlineFirst ? attempt.deadlinePassed(e) : attempt.timedOut(timeout, e);
    } catch (DiscordException e) {
      throw e;
    } catch (Exception e) {
      // The limiter's signature; the exchange itself throws nothing else but by mistake.
      throw attempt.failed(e);
    }
  }

  @Override
  public String url(ProxyRequest request) {
    return urls.of(request.path(), request.query()).toString();
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
    try {
      // Whatever has not stopped by then is left behind: its threads keep no process alive.
      client.awaitTermination(CLIENT_STOP);
      threads.shutdownNow();
      threads.awaitTermination(THREADS_STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private Future<ProxyResponse.Http> start(HttpRequest http, Attempt attempt)
      throws DiscordException {
    if (closed) {
      throw attempt.refused(Kind.NOT_SENT, "the proxy is stopping");
    }
    try {
      return threads.submit(() -> exchange(http, attempt));
    } catch (RejectedExecutionException e) {
      throw attempt.refused(Kind.NOT_SENT, "the proxy is stopping");
    }
  }

  private ProxyResponse.Http exchange(HttpRequest http, Attempt attempt) throws DiscordException {
    try {
      HttpResponse<Body> answer = client.send(http, attempt::answered);
      Body body = answer.body();
      return new ProxyResponse.Http(
          answer.statusCode(),
          PassedHeaders.incoming(answer.headers(), body.size()),
          answer.uri().toString(),
          body);
    } catch (InterruptedException e) {
      // Cancelled, which nobody waits for, or closed.
      Thread.currentThread().interrupt();
      throw attempt.stopped(e);
    } catch (IOException e) {
      throw closed ? attempt.stopped(e) : attempt.failed(e);
    }
  }

  private HttpRequest httpRequest(ProxyRequest request, ObservedBody body) {
    URI url = urls.of(request.path(), request.query());
    HttpRequest.Builder builder = HttpRequest.newBuilder(url).method(request.method().name(), body);
    Headers headers = PassedHeaders.outgoing(request.headers());
    if (!headers.contains("user-agent")) {
      builder.header("user-agent", settings.userAgent());
    }
    for (Header field : headers.fields()) {
      builder.header(field.name(), field.value());
    }
    return builder.build();
  }

  /** The limiter counts milliseconds, and drops what is less. */
  private static Duration wholeMillis(Duration duration) {
    return Duration.ofMillis(duration.plusNanos(999_999).toMillis());
  }

  private static void refuseRetryOfAllMethods() {
    String value = System.getProperty(RETRY_ALL);
    if (value != null && (value.isEmpty() || Boolean.parseBoolean(value))) {
      throw new IllegalStateException(
          "system property %s: \"%s\" (expected: unset), as Discord could get a POST twice"
              .formatted(RETRY_ALL, value));
    }
  }
}
