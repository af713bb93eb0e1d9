package dev.spectacles.proxy.adapter.discord;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * One exchange as far as it got, which decides what its failure means.
 *
 * <p>Messages name host and port, never what was asked for: they go to callers and into logs.
 */
final class Attempt {
  private static final int NO_ANSWER = 0;

  private final DiscordSettings settings;
  private final ObservedBody body;
  private volatile int answer = NO_ANSWER;

  /** An exchange that has not begun. */
  Attempt(DiscordSettings settings, ObservedBody body) {
    this.settings = settings;
    this.body = body;
  }

  /** Takes the head of the answer, and says where its body goes. */
  BodySubscriber<Body> answered(HttpResponse.ResponseInfo head) {
    answer = head.statusCode();
    return new BoundedBody(settings.maxResponseBytes());
  }

  DiscordException failed(Exception cause) {
    if (has(cause, TooLargeAnswerException.class)) {
      return failure(
          Kind.UNUSABLE_ANSWER,
          "answered %d with a body of more than %d bytes (discord.max_response_bytes)"
              .formatted(answer, settings.maxResponseBytes()),
          cause);
    }
    if (has(cause, ProtocolException.class)) {
      return failure(Kind.UNUSABLE_ANSWER, "sent an answer that is not valid HTTP/1.1", cause);
    }
    if (answer != NO_ANSWER) {
      return failure(
          Kind.MAYBE_SENT,
          "answered %d, but the connection was lost within the body".formatted(answer),
          cause);
    }
    if (isConnecting(cause) && !body.isWriting()) {
      return failure(Kind.NOT_SENT, whyNoConnection(cause) + "; nothing was sent", cause);
    }
    if (cause instanceof IOException) {
      return failure(Kind.MAYBE_SENT, "the connection was lost before an answer came", cause);
    }
    return failure(
        Kind.MAYBE_SENT,
        "the exchange failed in an unforeseen way (%s)".formatted(cause.getClass().getSimpleName()),
        cause);
  }

  DiscordException timedOut(Duration timeout, Exception cause) {
    String missing = answer == NO_ANSWER ? "no answer" : "no complete answer";
    return failure(Kind.MAYBE_SENT, missing + " within " + seconds(timeout), cause);
  }

  DiscordException deadlinePassed(Exception cause) {
    return failure(Kind.DEADLINE_PASSED, "no answer before the request's deadline", cause);
  }

  /** Whether writing began is not asked here: it may do so while the client is being stopped. */
  DiscordException stopped(Exception cause) {
    return failure(Kind.MAYBE_SENT, "the proxy stopped before an answer came", cause);
  }

  /** Settled before anything was tried. */
  DiscordException refused(Kind kind, String why) {
    return new DiscordException(kind, message(why + "; nothing was sent"));
  }

  private String whyNoConnection(Exception cause) {
    if (has(cause, UnresolvedAddressException.class)) {
      return "the host name cannot be resolved";
    }
    if (has(cause, HttpConnectTimeoutException.class)) {
      return "no connection within " + seconds(settings.connectTimeout());
    }
    if (has(cause, CertificateException.class)) {
      return "the TLS certificate is not trusted";
    }
    if (has(cause, SSLException.class)) {
      return "the TLS handshake failed";
    }
    return has(cause, NoRouteToHostException.class)
        ? "the host is unreachable"
        : "the connection was refused";
  }

  private static boolean isConnecting(Exception cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException
        || cause instanceof SSLException;
  }

  private DiscordException failure(Kind kind, String why, Exception cause) {
    return new DiscordException(kind, message(why), cause);
  }

  private String message(String why) {
    return "discord at " + settings.endpoint() + ": " + why;
  }

  /** Whether the failure, or one that it came from, is of that type. */
  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
