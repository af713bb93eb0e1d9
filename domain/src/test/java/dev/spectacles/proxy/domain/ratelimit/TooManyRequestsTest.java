package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each class of 429, as Discord and Cloudflare send them. */
class TooManyRequestsTest {
  private static final String API =
      "{\"message\":\"You are being rate limited.\",\"retry_after\":%s,\"global\":%s}";
  private static final Map<String, String> VIA = Map.of("via", "1.1 google");
  private static final Map<String, String> FULL =
      with(VIA, "x-ratelimit-limit", "5", "x-ratelimit-remaining", "0");
  private static final Map<String, String> LEFT =
      with(VIA, "x-ratelimit-limit", "5", "x-ratelimit-remaining", "4");

  static Stream<Arguments> classes() {
    String user = API.formatted("1.2", "false");
    String global = API.formatted("1.2", "true");
    return Stream.of(
        row("global header", with(VIA, "x-ratelimit-global", "true"), user, Scope.GLOBAL),
        row("global scope", with(VIA, "x-ratelimit-scope", "global"), user, Scope.GLOBAL),
        row("global body", VIA, global, Scope.GLOBAL),
        row("global body with spaces", VIA, "{\"global\" :\n true}", Scope.GLOBAL),
        row("user", with(FULL, "x-ratelimit-scope", "user"), user, Scope.USER),
        row("no scope", FULL, user, Scope.USER),
        row(
            "no limit headers, but a scope",
            with(VIA, "x-ratelimit-scope", "user"),
            user,
            Scope.USER),
        row(
            "scope and code 0",
            with(FULL, "x-ratelimit-scope", "user"),
            "{\"code\":0}",
            Scope.USER),
        row("hidden limit", with(LEFT, "x-ratelimit-scope", "user"), user, Scope.SUBLIMIT),
        row("hidden limit without scope", LEFT, user, Scope.SUBLIMIT),
        row("shared", with(LEFT, "x-ratelimit-scope", "shared"), user, Scope.SHARED),
        row("shared, used up too", with(FULL, "x-ratelimit-scope", "shared"), user, Scope.SHARED),
        row("write limit with a code", LEFT, "{\"code\":20028,\"retry_after\":2}", Scope.SUBLIMIT),
        row("no Via", with(Map.of(), "x-ratelimit-limit", "5"), user, Scope.CLOUDFLARE),
        row("HTML", VIA, "<html>error 1015</html>", Scope.CLOUDFLARE),
        row("HTML with limit headers", FULL, "<!doctype html>", Scope.CLOUDFLARE),
        row("nothing", Map.of(), "", Scope.CLOUDFLARE),
        row("empty body", VIA, "", Scope.CLOUDFLARE),
        row(
            "code 0",
            VIA,
            "{\"code\": 0, \"message\":\"You are being blocked\"}",
            Scope.CLOUDFLARE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("classes")
  void answer_isOfItsClass(String name, Map<String, String> headers, String body, Scope scope) {
    assertThat(TooManyRequests.parse(Headers.of(headers), Body.of(body)).scope())
        .as(name)
        .isEqualTo(scope);
  }

  @ParameterizedTest(name = "header {0}, body {1}")
  @CsvSource({
    "2, 1.25, 2000",
    "1, 1.25, 1250",
    "'', 0.5, 500",
    "3, '', 3000",
    "'', '', 1000",
    "soon, '', 1000",
    "-5, '', 0",
    "1337, 0.001, 1337000",
    "999999999, '', 86400000",
    "'', 64.57499999999999, 64574",
    "'', 999999999.999999999, 86400000",
    "1e400000000, 1, 1000",
  })
  void retryAfter_isTheLargerOfHeaderAndBody(String header, String body, long millis) {
    Map<String, String> headers = header.isEmpty() ? FULL : with(FULL, "retry-after", header);
    String text = body.isEmpty() ? "{}" : API.formatted(body, "false");
    assertThat(TooManyRequests.parse(Headers.of(headers), Body.of(text)).retryAfter().toMillis())
        .isEqualTo(millis);
  }

  @Test
  void cloudflare_withoutATime_isAMinute() {
    assertThat(TooManyRequests.parse(Headers.empty(), Body.empty()).retryAfter())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(
            TooManyRequests.parse(Headers.of(Map.of("retry-after", "300")), Body.empty())
                .retryAfter())
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void hugeBody_isReadAtItsBeginningOnly() {
    String huge = API.formatted("2", "false") + " ".repeat(1 << 20) + "\"global\":true";
    assertThat(TooManyRequests.parse(Headers.of(FULL), Body.of(huge)))
        .isEqualTo(new TooManyRequests(Scope.USER, Duration.ofSeconds(2)));
  }

  private static Arguments row(String name, Map<String, String> headers, String body, Scope scope) {
    return Arguments.of(name, headers, body, scope);
  }

  private static Map<String, String> with(Map<String, String> headers, String... more) {
    var all = new HashMap<>(headers);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }
}
