package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.NOW;
import static dev.spectacles.proxy.domain.cache.Messages.answer;
import static dev.spectacles.proxy.domain.cache.Messages.get;
import static dev.spectacles.proxy.domain.cache.Messages.isReused;
import static dev.spectacles.proxy.domain.cache.Messages.store;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cases of the public suite http-tests/cache-tests on how long an answer is fresh, written
 * anew, under its names where it has one.
 */
class FreshnessTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          max-age;                            cache-control: max-age=3600;                          true
          max-age-stale;                      cache-control: max-age=2;                             false
          max-age-0;                          cache-control: max-age=0;                             false
          max-age-max-minus-1;                cache-control: max-age=2147483647;                    true
          max-age-max;                        cache-control: max-age=2147483648;                    true
          max-age-max-plus-1;                 cache-control: max-age=2147483649;                    true
          max-age-max-plus;                   cache-control: max-age=99999999999;                   true
          beyond any integer;                 cache-control: max-age=99999999999999999999999999;    true
          max-age-age;                        date: {0} | cache-control: max-age=3600 | age: 7200;  false
          max-age-date;                       date: {-7200} | cache-control: max-age=3600;          false
          max-age-expires;                    cache-control: max-age=3600 | expires: {-7200};       true
          max-age-expires-invalid;            cache-control: max-age=3600 | expires: 0;             true
          max-age-0-expires;                  expires: {3600} | cache-control: max-age=0;           false
          max-age-extension;                  cache-control: foobar, max-age=3600;                  true
          max-age-case-insensitive;           cache-control: MaX-aGe=3600;                          true
          max-age-negative;                   cache-control: max-age=-3600;                         false
          none;                               x-nothing: 1;                                         false
          two-fresh-stale-sameline;           cache-control: max-age=1800, max-age=1;               true
          two-fresh-stale-sepline;            cache-control: max-age=1800 | cache-control: max-age=1; true
          two-stale-fresh-sameline;           cache-control: max-age=1, max-age=1800;               false
          two-stale-fresh-sepline;            cache-control: max-age=1 | cache-control: max-age=1800; false
          max-age-quoted;                     cache-control: max-age="3600";                        true
          max-age-ignore-quoted;              cache-control: extension="max-age=3600", max-age=1;   false
          max-age-ignore-quoted-rev;          cache-control: max-age=1, extension="max-age=3600";   false
          max-age-space-before-equals;        cache-control: max-age =3600;                         false
          max-age-space-after-equals;         cache-control: max-age= 3600;                         false
          max-age-leading-zero;               cache-control: max-age=003600;                        true
          max-age-single-quoted;              cache-control: max-age='3600';                        false
          max-age-decimal;                    cache-control: max-age=3600.0;                        false
          max-age-a100;                       cache-control: max-age=a3600;                         false
          max-age-100a;                       cache-control: max-age=3600a;                         false
          max-age without a value;            cache-control: max-age;                               false
          invalid max-age despite Expires;    cache-control: max-age=x | expires: {3600};           false
          """)
  void cacheControl_asInCacheTests(String name, String headers, boolean reused) {
    assertThat(isReused(true, 200, headers, 3)).isEqualTo(reused);
    assertThat(isReused(false, 200, headers, 3)).isEqualTo(reused);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          s-maxage;                           cache-control: s-maxage=3600;                         true;  false
          shared-longer;                      cache-control: max-age=3600, s-maxage=1;              false; true
          shared-longer-reversed;             cache-control: s-maxage=1, max-age=3600;              false; true
          shared-longer-multiple;             cache-control: max-age=3600 | cache-control: s-maxage=1; false; true
          shared-shorter;                     cache-control: max-age=1, s-maxage=3600;              true;  false
          shared-shorter-expires;             expires: {-10} | cache-control: max-age=0, s-maxage=3600; true; false
          private;                            cache-control: private, max-age=3600;                 false; true
          """)
  void sMaxAge_countsForSharedCachesOnly(
      String name, String headers, boolean shared, boolean ofOne) {
    assertThat(isReused(true, 200, headers, 3)).isEqualTo(shared);
    assertThat(isReused(false, 200, headers, 3)).isEqualTo(ofOne);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          nonnumeric;          age: abc;              true
          negative;            age: -7200;            true
          float;               age: 7200.0;           true
          large-minus-one;     age: 2147483647;       false
          large;               age: 2147483648;       false
          larger;              age: 2147483649;       false
          beyond any integer;  age: 99999999999999999999999; false
          suffix;              age: 7200, 0;          false
          prefix;              age: 0, 7200;          true
          suffix-twoline;      age: 7200 | age: 0;    false
          prefix-twoline;      age: 0 | age: 7200;    true
          dup-0;               age: 0, 0;             true
          dup-0-twoline;       age: 0 | age: 0;       true
          dup-old;             age: 3000 | age: 3000; true
          """)
  void age_asInCacheTests(String name, String age, boolean reused) {
    String headers = "date: {0} | cache-control: max-age=3600 | " + age;

    assertThat(isReused(true, 200, headers, 3)).isEqualTo(reused);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          future;                   date: {0} | expires: {2592000};                      true
          past;                     date: {0} | expires: {-2592000};                     false
          present;                  date: {0} | expires: {0};                            false
          old-date;                 date: {400} | expires: {300};                        false
          invalid;                  date: {0} | expires: 0;                              false
          empty;                    date: {0} | expires:;                                false
          invalid-date;             date: foo | expires: {10};                           true
          no date;                  expires: {10};                                       true
          age-slow-date;            date: {-10} | expires: {10} | age: 25;               false
          age-fast-date;            date: {10} | expires: {20} | age: 15;                false
          32bit;                    date: {0} | expires: Tue, 19 Jan 2038 14:14:08 GMT;  true
          far-future;               date: {0} | expires: Sun, 21 Nov 2286 04:46:39 GMT;  true
          rfc850;                   date: {0} | expires: Thursday, 18-Aug-50 02:01:18 GMT; true
          ansi-c;                   date: {0} | expires: Thu Aug  8 02:01:18 2050;       true
          wrong-case-weekday;       date: {0} | expires: THU, 18 Aug 2050 02:01:18 GMT;  true
          wrong-case-month;         date: {0} | expires: Thu, 18 AUG 2050 02:01:18 GMT;  true
          wrong-case-tz;            date: {0} | expires: Thu, 18 Aug 2050 02:01:18 gMT;  true
          invalid-utc;              date: {0} | expires: Thu, 18 Aug 2050 02:01:18 UTC;  false
          invalid-aest;             date: {0} | expires: Thu, 18 Aug 2050 02:01:18 AEST; false
          invalid-2-digit-year;     date: {0} | expires: Thu, 18 Aug 50 02:01:18 GMT;    false
          invalid-no-comma;         date: {0} | expires: Thu 18 Aug 2050 02:01:18 GMT;   false
          invalid-multiple-spaces;  date: {0} | expires: Thu, 18  Aug  2050 02:01:18 GMT; false
          invalid-date-dashes;      date: {0} | expires: Thu, 18-Aug-2050 02:01:18 GMT;  false
          invalid-time-periods;     date: {0} | expires: Thu, 18 Aug 2050 02.01.18 GMT;  false
          invalid-1-digit-hour;     date: {0} | expires: Thu, 18 Aug 2050 2:01:18 GMT;   false
          invalid-multiple-lines;   date: {0} | expires: Thu, 18 Aug 2050 2:01:18 GMT | expires: {60}; false
          """)
  void expires_asInCacheTests(String name, String headers, boolean reused) {
    assertThat(isReused(true, 200, headers, 1)).isEqualTo(reused);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          200; ;                             true
          201; ;                             false
          202; ;                             false
          203; ;                             true
          204; ;                             true
          300; ;                             true
          301; ;                             true
          302; ;                             false
          308; ;                             true
          403; ;                             false
          404; ;                             true
          405; ;                             true
          410; ;                             true
          414; ;                             true
          501; ;                             true
          502; ;                             false
          503; ;                             false
          504; ;                             false
          599; ;                             false
          599; | cache-control: public;      true
          206; | cache-control: public;      false
          429; | cache-control: public;      false
          """)
  void heuristic_countsForSomeStatusesOnly(int code, String more, boolean reused) {
    String headers = "last-modified: {-86400} | date: {0}" + (more == null ? "" : more);

    assertThat(isReused(true, code, headers, 0)).isEqualTo(reused);
  }

  @ParameterizedTest
  @CsvSource({
    "-86400, 8640",
    "-600, 60",
    "-5, 0.5",
    "-864000000, 86400",
    "60, 0",
  })
  void heuristic_isATenthOfTheUnchangedTime(String changed, String seconds) {
    Duration lifetime =
        store(true, 200, "date: {0} | last-modified: {%s}".formatted(changed))
            .orElseThrow()
            .lifetime();

    assertThat(lifetime).isEqualTo(Duration.ofMillis((long) (Double.parseDouble(seconds) * 1_000)));
  }

  @Test
  void initialAge_countsTheWayThere() {
    var exchange =
        new Exchange(
            get(""),
            answer(200, "date: {-1} | age: 30 | cache-control: max-age=60"),
            NOW.minusSeconds(4),
            NOW);

    StoredResponse stored = Storing.judge(exchange, Terms.strict(false), List.of()).orElseThrow();

    assertThat(stored.initialAge()).isEqualTo(Duration.ofSeconds(34));
    assertThat(stored.age(NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(39));
    assertThat(stored.age(NOW.minusSeconds(5))).isEqualTo(Duration.ofSeconds(34));
  }

  @Test
  void tableLifetime_doesNotDependOnTheirClock() {
    var exchange = new Exchange(get(""), answer(200, "date: {-3600}"), NOW.minusSeconds(1), NOW);
    var terms = Terms.table(false, Duration.ofSeconds(5));

    StoredResponse stored = Storing.judge(exchange, terms, List.of()).orElseThrow();

    assertThat(stored.initialAge()).isEqualTo(Duration.ofSeconds(1));
    assertThat(stored.lifetime()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          cache-control: max-age=30; 30
          expires: {40};             40
          cache-control: max-age=0 | etag: "a"; 0
          expires: soon | etag: "a"; 0
          x-nothing: 1;              5
          last-modified: {-86400};   5
          """,
      quoteCharacter = '§')
  void explicitLifetime_overridesTheTable(String headers, int seconds) {
    var exchange = Messages.exchange(get(""), answer(200, headers));
    var terms = Terms.table(false, Duration.ofSeconds(5));

    StoredResponse stored = Storing.judge(exchange, terms, List.of()).orElseThrow();

    assertThat(stored.lifetime()).isEqualTo(Duration.ofSeconds(seconds));
  }
}
