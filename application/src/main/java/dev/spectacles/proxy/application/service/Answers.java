package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.domain.request.ResponseStatus.REQUEST_FAILURE;
import static dev.spectacles.proxy.domain.request.ResponseStatus.REQUEST_TIMEOUT;
import static dev.spectacles.proxy.domain.request.ResponseStatus.UNKNOWN_ERROR;

import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;

/** Answers that the proxy makes itself. */
final class Answers {
  private static final Duration REFUSED_RETRY = Duration.ofSeconds(1);

  private Answers() {}

  static ProxyResponse timeout(String why) {
    return new ProxyResponse.Failure(REQUEST_TIMEOUT, "timeout: " + why);
  }

  /** A wait that is known to be too long. */
  static ProxyResponse tooLate(Duration wait) {
    return wait.isZero()
        ? timeout("the deadline passed while the request waited for a rate limit")
        : timeout(
            "the rate limit holds the request up for at least %s, longer than its deadline allows"
                .formatted(seconds(wait)));
  }

  /** For a request that does not get its turn. */
  static ProxyResponse refusal(RefusedException refused, String url) {
    Duration wait = refused.waitAtLeast();
    return switch (refused.refusal()) {
      case TOO_LATE -> tooLate(wait);
      case UNAUTHORIZED -> unauthorized(url);
      case STORE_AWAY -> internal("the store of rate limits cannot be reached");
      case INVALID_REQUESTS ->
          refused(wait, "Too many invalid requests (401, 403, 429) came from this address.", url);
      case MAX_WAIT ->
          refused(
              wait.isPositive() ? wait : REFUSED_RETRY,
              "The rate limit holds this request up for longer than it wants to wait.",
              url);
      case TOO_LONG ->
          refused(atLeastASecond(wait), "The rate limit holds this request up for too long.", url);
      case QUEUE_FULL ->
          refused(atLeastASecond(wait), "Too many requests wait for this rate limit already.", url);
    };
  }

  static ProxyResponse failure(String why) {
    return new ProxyResponse.Failure(REQUEST_FAILURE, why);
  }

  /** A request that another instance may have sent before it went away. */
  static ProxyResponse outcomeUnknown() {
    return failure(
        "outcome unknown: an instance went away while it sent this request, which is not sent"
            + " twice");
  }

  static ProxyResponse internal(String what) {
    return new ProxyResponse.Failure(UNKNOWN_ERROR, "internal error: " + what);
  }

  /** Refusal in the form of Discord's own 429, marked as made by the proxy. */
  private static ProxyResponse refused(Duration retryAfter, String why, String url) {
    String seconds = decimal(retryAfter);
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("retry-after", Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
    headers.put("x-spectacles-source", "proxy");
    return new ProxyResponse.Http(
        429,
        Headers.of(headers),
        url,
        Body.of(
            "{\"message\":\"%s\",\"retry_after\":%s,\"global\":false}".formatted(why, seconds)));
  }

  /** Discord's own answer to credentials that it does not accept, marked as made by the proxy. */
  private static ProxyResponse unauthorized(String url) {
    return made(401, url, "{\"message\":\"401: Unauthorized\",\"code\":0}");
  }

  /** Answer in JSON, marked as made by the proxy. */
  static ProxyResponse.Http made(int code, String url, String json) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("x-spectacles-source", "proxy");
    return new ProxyResponse.Http(code, Headers.of(headers), url, Body.of(json));
  }

  /** For who wants what is stored or nothing. */
  static ProxyResponse.Http nothingStored(String url) {
    return made(
        504,
        url,
        "{\"message\":\"504: Gateway Timeout (only-if-cached, and nothing is stored that may be"
            + " used)\",\"code\":0}");
  }

  /** What a bot's gateway told so long ago. */
  static ProxyResponse.Http ofGateway(String url, Body body, Duration age) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("x-spectacles-source", "proxy");
    headers.put("age", Long.toString(age.toSeconds()));
    return CacheStatus.hit(Detail.GATEWAY)
        .addTo(new ProxyResponse.Http(200, Headers.of(headers), url, body));
  }

  /** Whether the proxy made it. */
  static boolean isMade(ProxyResponse.Http answer) {
    return answer.headers().first("x-spectacles-source").filter("proxy"::equals).isPresent();
  }

  private static Duration atLeastASecond(Duration wait) {
    return wait.compareTo(REFUSED_RETRY) > 0 ? wait : REFUSED_RETRY;
  }

  private static String seconds(Duration wait) {
    return decimal(wait) + " s";
  }

  private static String decimal(Duration wait) {
    return String.format(Locale.ROOT, "%.3f", wait.toNanos() / 1e9);
  }
}
