package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;

/**
 * Discord's REST API: sends one request, once.
 *
 * <p>Thread-safe. Redirects are answers like any other. Interrupting the thread cancels the
 * exchange.
 */
public interface DiscordApi extends AutoCloseable {
  /** Hears when a request leaves. Called by another thread, and not to block it. */
  @FunctionalInterface
  interface WriteListener {
    /** The head of the request is written now; connecting is over. */
    void writing();
  }

  /**
   * Sends the request and waits for the whole answer, without headers that are of one connection
   * (RFC 9110, section 7.6.1).
   *
   * @param listener hears of every writing of the request
   * @throws DiscordException if there is none; says whether Discord may have got the request
   */
  ProxyResponse.Http send(ProxyRequest request, Deadline deadline, WriteListener listener)
      throws DiscordException, InterruptedException;

  /** Full, final URL that a request would be sent to. */
  String url(ProxyRequest request);

  @Override
  void close();
}
