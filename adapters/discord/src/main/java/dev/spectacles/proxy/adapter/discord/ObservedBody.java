package dev.spectacles.proxy.adapter.discord;

import dev.spectacles.proxy.application.port.out.DiscordApi.WriteListener;
import dev.spectacles.proxy.domain.request.Body;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * Body of a request that knows whether it may have left the process.
 *
 * <p>Over HTTP/1.1 the client asks for the length when it writes the request's head, which is after
 * the connection is made and TLS is agreed upon, and at no other time. The class of an exception is
 * no such sign: the client itself counts with an {@code SSLHandshakeException} from a connection in
 * use whose TLS session the server ended (JDK source, {@code Http1AsyncReceiver.onReadError}).
 */
final class ObservedBody implements BodyPublisher {
  private final BodyPublisher bytes;
  private final WriteListener listener;
  private volatile boolean writing;

  ObservedBody(Body body, WriteListener listener) {
    this.listener = listener;
    bytes = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.bytes());
  }

  /** Whether the client began to write the request. */
  boolean isWriting() {
    return writing;
  }

  @Override
  public long contentLength() {
    writing = true;
    listener.writing();
    return bytes.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    writing = true;
    bytes.subscribe(subscriber);
  }
}
