package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Requests and answers, written as {@code name: value | name: value}; <code>{-60}</code> is the
 * date a minute before {@link #NOW}.
 */
final class Messages {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final String URL = "https://discord.com/api/v10/guilds/1";

  private static final Pattern DATE = Pattern.compile("\\{(-?\\d+)}");

  private Messages() {}

  static Headers headers(String written) {
    var fields = new ArrayList<Header>();
    for (String line : written.split("\\|", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        fields.add(new Header(name, dated(line.substring(colon + 1).strip())));
      }
    }
    return new Headers(fields);
  }

  private static String dated(String value) {
    return DATE.matcher(value)
        .replaceAll(found -> HttpDates.text(NOW.plusSeconds(Long.parseLong(found.group(1)))));
  }

  static ProxyRequest get(String headers) {
    return request("GET", headers, Body.empty());
  }

  static ProxyRequest request(String method, String headers, Body body) {
    try {
      return new ProxyRequest(
          new HttpMethod(method),
          ApiPath.parse("/guilds/1"),
          List.of(),
          headers(headers),
          body,
          Optional.empty());
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }

  static ProxyResponse.Http answer(int code, String headers) {
    return new ProxyResponse.Http(code, headers(headers), URL, Body.of("body"));
  }

  static Exchange exchange(ProxyRequest request, ProxyResponse.Http answer) {
    return new Exchange(request, answer, NOW, NOW);
  }

  /** What becomes of an answer to a plain request, by RFC 9111 alone. */
  static Optional<StoredResponse> store(boolean shared, int code, String headers) {
    return Storing.judge(
        exchange(get(""), answer(code, headers)), Terms.strict(shared), List.of("g1"));
  }

  /** The answer as it is kept for one credential. */
  static StoredResponse stored(String headers) {
    return store(false, 200, headers).orElseThrow();
  }

  static Instant after(int seconds) {
    return NOW.plus(Duration.ofSeconds(seconds));
  }

  /** Whether a later plain request is answered by a stored answer, without asking anybody. */
  static boolean isReused(boolean shared, int code, String headers, int seconds) {
    return store(shared, code, headers)
        .map(kept -> Reuse.judge(kept, get(""), after(seconds), StaleLimits.DEFAULT))
        .filter(Reuse.Fresh.class::isInstance)
        .isPresent();
  }
}
