package dev.spectacles.proxy.adapter.http;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;

/**
 * Answer as it is written.
 *
 * @param isLast whether no other follows on its connection
 */
record Answer(int code, Headers headers, Body body, boolean isLast) {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String LIMITS = "x-ratelimit-";

  /** Headers that say what a 429 is about. */
  private static final Set<String> OF_A_429 = Set.of("x-ratelimit-global", "x-ratelimit-scope");

  /**
   * What comes of a request, as its caller gets it.
   *
   * <p>Without Discord's limits: they are the proxy's business, and a library that kept to them as
   * well would wait twice. A 429 made here names the proxy as its gateway, as libraries take one
   * without {@code Via} for a ban by Cloudflare.
   *
   * @param sent whether Discord may have got the request
   */
  static Answer of(ProxyResponse response, boolean sent) {
    return switch (response) {
      case ProxyResponse.Http http -> of(http);
      case ProxyResponse.Failure failure -> failed(failure, sent).toAnswer();
    };
  }

  private static Answer of(ProxyResponse.Http http) {
    boolean limited = http.code() == TOO_MANY_REQUESTS;
    Headers headers =
        http.headers()
            .without(
                name ->
                    name.equals("alt-svc")
                        || name.equals("content-length")
                        || (name.startsWith(LIMITS) && !(limited && OF_A_429.contains(name))));
    boolean made = headers.first("x-spectacles-source").filter("proxy"::equals).isPresent();
    return new Answer(
        http.code(),
        made ? headers.with("via", "1.1 spectacles-proxy") : headers,
        http.body(),
        false);
  }

  private static Refusal failed(ProxyResponse.Failure failure, boolean sent) {
    int code =
        switch (failure.status()) {
          case UNKNOWN_ERROR, SUCCESS -> 500;
          case INVALID_REQUEST_FORMAT,
              INVALID_PATH,
              INVALID_QUERY,
              INVALID_METHOD,
              INVALID_HEADERS ->
              400;
          case REQUEST_FAILURE -> 502;
          case REQUEST_TIMEOUT -> sent ? 504 : 408;
        };
    return Refusal.of(code, failure.status().name(), failure.message());
  }

  /** The same, after which the connection is closed. */
  Answer last() {
    return new Answer(code, headers, body, true);
  }

  /** In Netty's form, to a request of this method. */
  FullHttpResponse toNetty(HttpMethod method) {
    try {
      return unchecked(method);
    } catch (IllegalArgumentException e) {
      Answer instead =
          Refusal.of(502, "REQUEST_FAILURE", "the answer has a header that HTTP does not permit")
              .toAnswer();
      return (isLast ? instead.last() : instead).unchecked(method);
    }
  }

  private FullHttpResponse unchecked(HttpMethod method) {
    boolean bodiless = code == 204 || code == 304 || method.equals(HttpMethod.HEAD);
    ByteBuf content = bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body.bytes());
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code), content);
    for (Header field : headers.fields()) {
      response.headers().add(field.name(), field.value());
    }
    if (!bodiless) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.size());
    }
    if (isLast) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    return response;
  }
}
