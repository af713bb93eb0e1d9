package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.after;
import static dev.spectacles.proxy.domain.cache.Messages.get;
import static dev.spectacles.proxy.domain.cache.Messages.request;
import static dev.spectacles.proxy.domain.cache.Messages.store;
import static dev.spectacles.proxy.domain.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.cache.Reuse.Occasion;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReuseTest {
  @Test
  void answer_withinItsLifetime_isFresh() {
    StoredResponse stored = stored("cache-control: max-age=60 | age: 10");

    assertThat(judge(stored, "", 20))
        .isEqualTo(new Reuse.Fresh(Duration.ofSeconds(30), Duration.ofSeconds(30)));
  }

  @Test
  void answer_atTheEndOfItsLifetime_isStale() {
    StoredResponse stored = stored("cache-control: max-age=60");

    assertThat(judge(stored, "", 59)).isInstanceOf(Reuse.Fresh.class);
    assertThat(judge(stored, "", 60))
        .isEqualTo(
            new Reuse.Stale(
                Duration.ofSeconds(60), Duration.ZERO, Set.of(Occasion.LIMITED, Occasion.ERROR)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ccreq-ma0;                    max-age=0;                   3;    REQUEST
          ccreq-ma1;                    max-age=1;                   3;    REQUEST
          max-age that is enough;       max-age=3;                   3;    FRESH
          ccreq-magreaterage;           max-age=600;                 1800; REQUEST
          max-age although max-stale;   max-age=600, max-stale=9999; 1800; REQUEST
          max-age that makes no sense;  max-age=soon;                0;    FRESH
          max-age that makes no sense;  max-age=soon;                1;    REQUEST
          ccreq-min-fresh;              min-fresh=5000;              0;    REQUEST
          ccreq-min-fresh-age;          min-fresh=1801;              1800; REQUEST
          min-fresh that is enough;     min-fresh=1800;              1800; FRESH
          min-fresh that makes no sense; min-fresh=x;                0;    REQUEST
          ccreq-no-cache;               no-cache;                    0;    REQUEST
          no-cache when stale;          no-cache;                    4000; STALE
          ccreq-no-store;               no-store;                    0;    BYPASS
          only-if-cached;               only-if-cached;              3;    FRESH
          max-stale;                    max-stale=10;                3;    FRESH
          something unknown;            x-unknown=1;                 3;    FRESH
          """)
  void freshAnswer_isUsedUnlessTheRequestForbids(
      String name, String asked, int seconds, String expected) {
    StoredResponse stored = stored("cache-control: max-age=3600 | etag: \"a\"");

    Reuse reuse = judge(stored, "cache-control: " + asked, seconds);

    switch (expected) {
      case "FRESH" -> assertThat(reuse).isInstanceOf(Reuse.Fresh.class);
      case "BYPASS" -> assertThat(reuse).isEqualTo(new Reuse.None(Forward.BYPASS));
      default -> assertThat(reuse).isEqualTo(new Reuse.Validate(Forward.valueOf(expected)));
    }
  }

  @Test
  void pragma_isHonoured() {
    StoredResponse stored = stored("cache-control: max-age=3600");

    assertThat(judge(stored, "pragma: no-cache", 0)).isEqualTo(new Reuse.Validate(Forward.REQUEST));
    assertThat(judge(stored, "pragma: x", 0)).isInstanceOf(Reuse.Fresh.class);
  }

  @Test
  void pragma_ofAnAnswer_meansNothing() {
    assertThat(judge(stored("cache-control: max-age=3600 | pragma: no-cache"), "", 3))
        .isInstanceOf(Reuse.Fresh.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "no-cache, max-age=3600"})
  void answerNotToBeUsedUnconfirmed_isNever(String value) {
    StoredResponse stored = stored("etag: \"a\" | cache-control: " + value);

    for (String asked : new String[] {"", "cache-control: max-stale, stale-if-error=999"}) {
      assertThat(judge(stored, asked, 0)).isEqualTo(new Reuse.Validate(Forward.STALE));
    }
  }

  /** The answer is fresh for 10 s; the limits are 60 s while limited, 300 s on errors. */
  @ParameterizedTest(name = "{0} then {1} after {2} s")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ;                          ;                           11;  LIMITED ERROR
          ;                          ;                           70;  LIMITED ERROR
          ;                          ;                           71;  ERROR
          ;                          ;                           310; ERROR
          ;                          ;                           311;
          must-revalidate;           ;                           11;
          must-revalidate;           max-stale;                  11;
          must-revalidate;           stale-if-error=99;          11;
          proxy-revalidate;          ;                           11;  LIMITED ERROR
          stale-if-error=5;          ;                           15;  LIMITED ERROR
          stale-if-error=5;          ;                           16;  LIMITED
          stale-if-error=0;          ;                           11;  LIMITED
          stale-if-error=x;          ;                           11;  LIMITED
          stale-if-error=9000;       ;                           8000; ERROR
          stale-while-revalidate=5;  ;                           15;  REFRESHING LIMITED ERROR
          stale-while-revalidate=5;  ;                           16;  LIMITED ERROR
          stale-while-revalidate=x;  ;                           11;  LIMITED ERROR
          ;                          max-stale=1000;             20;  ASKED LIMITED ERROR
          ;                          max-stale=1000;             1010; ASKED
          ;                          max-stale=1000;             1011;
          ;                          max-stale;                  999999; ASKED
          ;                          max-stale=x;                11;
          ;                          max-stale=0;                11;
          ;                          max-stale=5;                15;  ASKED LIMITED ERROR
          ;                          max-stale=5;                16;
          stale-if-error=60;         max-stale=5;                16;
          stale-while-revalidate=60; max-stale=5;                16;
          ;                          max-stale=5, stale-if-error=60; 16; ERROR
          ;                          max-stale=5, stale-if-error=60; 71;
          ;                          max-age=100;                20;
          ;                          max-age=100, stale-if-error=999; 20;
          ;                          max-age=100, max-stale=50;  20;  ASKED LIMITED ERROR
          ;                          stale-if-error=1000;        500; ERROR
          ;                          stale-if-error=1;           12;  LIMITED
          stale-if-error=5;          stale-if-error=1000;        500; ERROR
          ;                          stale-if-error=x;           11;  LIMITED
          ;                          only-if-cached;             11;  LIMITED ERROR
          """)
  void staleAnswer_isUsedOnSomeOccasions(
      String answered, String asked, int seconds, String occasions) {
    StoredResponse stored =
        stored("cache-control: max-age=10" + (answered == null ? "" : ", " + answered));

    Reuse reuse = judge(stored, asked == null ? "" : "cache-control: " + asked, seconds);

    assertThat(reuse)
        .isEqualTo(
            new Reuse.Stale(
                Duration.ofSeconds(seconds), Duration.ofSeconds(10 - seconds), all(occasions)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=10"})
  void staleAnswer_ofASharedCache_isNotUsedWhereForbidden(String value) {
    StoredResponse stored = store(true, 200, "cache-control: max-age=10, " + value).orElseThrow();

    assertThat(judge(stored, "cache-control: max-stale", 12))
        .isEqualTo(new Reuse.Stale(Duration.ofSeconds(12), Duration.ofSeconds(-2), Set.of()));
  }

  @Test
  void staleAnswer_wantedFreshFor_isNotUsed() {
    assertThat(judge(stored("cache-control: max-age=10"), "cache-control: min-fresh=0", 12))
        .isEqualTo(new Reuse.Validate(Forward.STALE));
  }

  @Test
  void staleAnswer_ofARouteWithoutLimits_isUsedOnlyWhereHttpPermits() {
    StoredResponse stored = stored("cache-control: max-age=10, stale-if-error=60");

    Reuse reuse = Reuse.judge(stored, get(""), after(10), StaleLimits.NONE);

    assertThat(reuse)
        .isEqualTo(new Reuse.Stale(Duration.ofSeconds(10), Duration.ZERO, Set.of(Occasion.ERROR)));
  }

  @Test
  void answerStaleOnArrival_isUsedWhereTheCallerPermits() {
    StoredResponse stored = stored("cache-control: max-age=1500 | age: 2000");

    assertThat(judge(stored, "cache-control: max-stale=1000", 0))
        .isEqualTo(
            new Reuse.Stale(
                Duration.ofSeconds(2000), Duration.ofSeconds(-500), Set.of(Occasion.ASKED)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"range: bytes=0-1", "if-match: *", "cache-control: no-store"})
  void requestThatIsNotForTheCache_getsNothing(String asked) {
    assertThat(judge(stored("cache-control: max-age=60"), asked, 0))
        .isEqualTo(new Reuse.None(Forward.BYPASS));
  }

  @Test
  void requestWithBody_getsNothing() {
    assertThat(
            Reuse.judge(
                stored("cache-control: max-age=60"),
                request("GET", "", Body.of("x")),
                after(0),
                StaleLimits.DEFAULT))
        .isEqualTo(new Reuse.None(Forward.BYPASS));
  }

  private static Reuse judge(StoredResponse stored, String asked, int seconds) {
    return Reuse.judge(stored, get(asked), after(seconds), StaleLimits.DEFAULT);
  }

  private static Set<Occasion> all(String occasions) {
    return occasions == null
        ? Set.of()
        : Arrays.stream(occasions.split(" ")).map(Occasion::valueOf).collect(Collectors.toSet());
  }
}
