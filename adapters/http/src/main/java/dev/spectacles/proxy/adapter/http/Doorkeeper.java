package dev.spectacles.proxy.adapter.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Judges a request by its head, before anything of it is kept. */
final class Doorkeeper {
  static final String SECRET = "x-spectacles-secret";

  /**
   * What a page can only be called if it is on this machine: no name that others can point here.
   */
  private static final Pattern LOCAL_HOST =
      Pattern.compile("(?:(?:[a-z0-9-]+\\.)*localhost|[0-9.]+|\\[[0-9a-f:.]+])(?::[0-9]*)?");

  private final Optional<byte[]> secret;
  private final boolean localOnly;
  private final int maxBodyBytes;

  Doorkeeper(HttpSettings settings) {
    this.secret = settings.secret().map(text -> text.getBytes(UTF_8));
    this.localOnly =
        settings.secret().isEmpty() && settings.address().getAddress().isLoopbackAddress();
    this.maxBodyBytes = settings.maxBodyBytes();
  }

  /** What is wrong with it, if anything is. */
  Optional<Refusal> judge(HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      return Optional.of(damaged(head.decoderResult().cause()));
    }
    HttpVersion version = head.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return Optional.of(Refusal.of(505, "UNSUPPORTED", "version of HTTP (expected: 1.1 or 1.0)"));
    }
    List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && version.equals(HttpVersion.HTTP_1_1))) {
      return Optional.of(malformed("host: %d of them (expected: one)".formatted(hosts.size())));
    }
    Optional<Refusal> framing = framing(head);
    if (framing.isPresent()) {
      return framing;
    }
    if (!presentsSecret(head)) {
      return Optional.of(
          Refusal.of(
              401,
              "UNAUTHORIZED",
              "x-spectacles-secret: missing or wrong (expected: http.secret)"));
    }
    // A name that somebody else points to this machine brings that page's requests with it.
    if (localOnly && !hosts.isEmpty() && !isLocal(hosts.getFirst())) {
      return Optional.of(
          Refusal.of(
              421,
              "MISDIRECTED",
              "host: a name (expected: localhost or an address, as there is no http.secret)"));
    }
    return Optional.empty();
  }

  /** Two opinions on where a request ends are how a second one is smuggled behind it. */
  private Optional<Refusal> framing(HttpRequest head) {
    List<String> encodings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean sound =
        encodings.isEmpty()
            || (encodings.size() == 1
                && encodings.getFirst().equalsIgnoreCase("chunked")
                && head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH));
    if (!sound) {
      return Optional.of(
          malformed("transfer-encoding (expected: chunked alone, without content-length)"));
    }
    // Netty takes eight bytes after them for a body, as the first draft of WebSockets wanted.
    if (head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
        || head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
      return Optional.of(malformed("sec-websocket-key1 and -key2 (expected: none)"));
    }
    List<String> expectations = head.headers().getAll(HttpHeaderNames.EXPECT);
    if (!expectations.isEmpty()
        && !(expectations.size() == 1
            && expectations.getFirst().equalsIgnoreCase("100-continue"))) {
      return Optional.of(Refusal.of(417, "UNSUPPORTED", "expect (expected: 100-continue)"));
    }
    return HttpUtil.getContentLength(head, 0L) > maxBodyBytes
        ? Optional.of(tooLarge(maxBodyBytes))
        : Optional.empty();
  }

  private boolean presentsSecret(HttpRequest head) {
    if (secret.isEmpty()) {
      return true;
    }
    List<String> presented = head.headers().getAll(SECRET);
    return presented.size() == 1
        && MessageDigest.isEqual(presented.getFirst().getBytes(ISO_8859_1), secret.get());
  }

  private static boolean isLocal(String host) {
    return LOCAL_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  static Refusal tooLarge(int maxBodyBytes) {
    return Refusal.of(
        413, "TOO_LARGE", "body: more than %d bytes (http.max_body_bytes)".formatted(maxBodyBytes));
  }

  static Refusal malformed(String what) {
    return Refusal.of(400, "INVALID_REQUEST_FORMAT", what);
  }

  /** Without the library's message, which may quote the request. */
  static Refusal damaged(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Refusal.of(
          414,
          "TOO_LARGE",
          "request line: more than %d bytes".formatted(HttpFrontDoor.LONGEST_LINE));
    }
    return cause instanceof TooLongFrameException
        ? Refusal.of(
            431, "TOO_LARGE", "headers: more than %d bytes".formatted(HttpFrontDoor.LARGEST_HEAD))
        : malformed("request: no valid HTTP/1.1");
  }
}
