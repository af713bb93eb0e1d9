package dev.spectacles.proxy.adapter.http;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Locale;
import java.util.Optional;

/** Head of a request whose framing is sound. */
final class RequestHead {
  /** Length of a body that ends when its last chunk came. */
  static final long CHUNKED = -1;

  private static final String AUTHORIZATION = "authorization";

  private final HttpRequest head;

  RequestHead(HttpRequest head) {
    this.head = head;
  }

  io.netty.handler.codec.http.HttpMethod method() {
    return head.method();
  }

  /** Bytes of its body, or {@link #CHUNKED}. */
  long bodyLength() {
    return HttpUtil.isTransferEncodingChunked(head) ? CHUNKED : HttpUtil.getContentLength(head, 0L);
  }

  boolean expectsContinue() {
    return head.headers().contains(HttpHeaderNames.EXPECT);
  }

  /** Whether the caller is going to use the connection again. */
  boolean keepsAlive() {
    return HttpUtil.isKeepAlive(head);
  }

  /** In our words, with this body. */
  ProxyRequest toRequest(byte[] body, int apiVersion) throws InvalidRequestException {
    HttpMethod method = HttpMethod.parse(head.method().name());
    RequestTarget target = RequestTarget.parse(head.uri(), apiVersion);
    var fields =
        head.headers().entries().stream()
            .map(field -> new Header(field.getKey(), field.getValue()))
            .filter(field -> !isOfThisHop(field.name().toLowerCase(Locale.ROOT)))
            .toList();
    Headers headers = Headers.parse(fields);
    long credentials =
        headers.fields().stream().filter(field -> field.name().equals(AUTHORIZATION)).count();
    if (credentials > 1) {
      throw InvalidRequestException.ofHeader(AUTHORIZATION, credentials + " times", "once");
    }
    return new ProxyRequest(
        method, target.path(), target.query(), headers, Body.of(body), Optional.empty());
  }

  /** What concerns the way from the caller to here, beyond what no proxy passes on. */
  private static boolean isOfThisHop(String name) {
    return name.equals(Doorkeeper.SECRET)
        || name.equals("forwarded")
        || name.equals("x-real-ip")
        || name.startsWith("x-forwarded-");
  }
}
