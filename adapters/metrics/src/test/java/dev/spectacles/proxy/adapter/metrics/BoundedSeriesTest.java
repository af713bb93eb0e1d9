package dev.spectacles.proxy.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What callers make up does not become a series, and what is theirs does not become a label. */
class BoundedSeriesTest {
  private static final int PATHS = 100_000;
  private static final long SEED = 20_260_301;
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String MARK = "QfZ2vK8sXyMarked";
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "X" + MARK);
  private static final List<String> WORDS =
      List.of(
          "channels",
          "guilds",
          "users",
          "webhooks",
          "messages",
          "members",
          "roles",
          "reactions",
          "invites",
          "@me",
          "@cache",
          "callback",
          "interactions",
          "applications",
          "commands");

  /** Series of the JVM, its processor and the build, the most that any collector has. */
  private static final int SERIES_OF_THE_JVM = 200;

  /** Of one route: 2 histograms of 14 bounds with +Inf, sum, count and max; requests; responses. */
  private static final int SERIES_OF_A_ROUTE = 2 * 18 + 1 + 3;

  private final Random random = new Random(SEED);

  @Test
  void hundredThousandPaths_leaveABoundedNumberOfSeriesAndNoId() throws Exception {
    try (var proxy = new BusyProxy()) {
      int before = proxy.scrape().samples().size();
      assertThat(before).isLessThan(SERIES_OF_THE_JVM + 6 * SERIES_OF_A_ROUTE);
      for (int i = 0; i < PATHS; i++) {
        see(proxy.events, i);
      }

      List<Exposition.Sample> samples = proxy.scrape().samples();
      long routes = samples.stream().filter(it -> it.name().equals("proxy_requests_total")).count();
      assertThat(routes)
          .as("routes, seed %d", SEED)
          .isEqualTo(PrometheusProxyEvents.MAX_ROUTES + 1);
      assertThat(samples.size() - before)
          .as("series, seed %d", SEED)
          .isLessThan((int) routes * SERIES_OF_A_ROUTE + SERIES_OF_THE_JVM);
      Pattern theirs = Pattern.compile(".*(" + MARK + "|[0-9]{6,}).*");
      assertThat(samples)
          .filteredOn(it -> it.labels().containsKey("path"))
          .allSatisfy(
              it ->
                  assertThat(it.labels().get("path") + it.labels().get("method"))
                      .doesNotMatch(theirs)
                      .hasSizeLessThan(200));
    }
  }

  private void see(PrometheusProxyEvents events, int number) throws Exception {
    var request =
        new ProxyRequest(
            new HttpMethod(METHODS.get(number % METHODS.size())),
            ApiPath.parse(path(number)),
            List.of(),
            Headers.empty(),
            Body.empty(),
            Optional.empty());
    Route route = RouteResolver.resolve(request, NOW);
    events.requestReceived();
    events.rateLimitWaited(route, Duration.ofMillis(number % 1000));
    events.rateLimited(route, Scope.values()[number % Scope.values().length]);
    events.requestFinished(
        route,
        new ProxyResponse.Http(200 + number % 2 * 204, Headers.empty(), "", Body.empty()),
        Duration.ofMillis(number % 1000));
  }

  /** Another one each time: of ids, tokens, words of Discord, and words nobody knows. */
  private String path(int number) {
    var path = new StringBuilder();
    int segments = 1 + random.nextInt(number % 1000 == 0 ? 400 : 6);
    for (int i = 0; i < segments; i++) {
      path.append('/').append(segment());
    }
    return path.append('/').append(175_928_847_299_117_063L + number).toString();
  }

  private String segment() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> WORDS.get(random.nextInt(WORDS.size()));
      case 2 -> Long.toString(Math.abs(random.nextLong()));
      case 3 -> MARK + Long.toString(Math.abs(random.nextLong()), 36) + "_-";
      case 4 -> "made" + (char) ('a' + random.nextInt(26)) + (char) ('a' + random.nextInt(26));
      default -> "%F0%9F%98%80" + random.nextInt(1000);
    };
  }
}
