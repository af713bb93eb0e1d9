package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.NOW;
import static dev.spectacles.proxy.domain.cache.Messages.answer;
import static dev.spectacles.proxy.domain.cache.Messages.exchange;
import static dev.spectacles.proxy.domain.cache.Messages.get;
import static dev.spectacles.proxy.domain.cache.Messages.headers;
import static dev.spectacles.proxy.domain.cache.Messages.isReused;
import static dev.spectacles.proxy.domain.cache.Messages.request;
import static dev.spectacles.proxy.domain.cache.Messages.store;
import static dev.spectacles.proxy.domain.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoringTest {
  private static final Terms TABLE = Terms.table(false, Duration.ofSeconds(5));

  @Test
  void answer_isKeptAsItIs() {
    StoredResponse kept =
        Storing.judge(
                exchange(get(""), answer(200, "date: {0} | content-type: application/json")),
                TABLE,
                List.of("g1", "g2"))
            .orElseThrow();

    assertThat(kept.answer()).isEqualTo(answer(200, "date: {0} | content-type: application/json"));
    assertThat(kept.received()).isEqualTo(NOW);
    assertThat(kept.generations()).containsExactly("g1", "g2");
    assertThat(kept.vary()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599
      })
  void everyFinalStatus_inTheStrictProfile_isReusedWhileFreshOnly(int code) {
    assertThat(isReused(true, code, "cache-control: max-age=100000 | date: {0}", 3)).isTrue();
    assertThat(isReused(true, code, "expires: {-5000} | last-modified: {-100000}", 0)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "200, true",
    "203, true",
    "204, true",
    "301, true",
    "308, true",
    "404, true",
    "410, true",
    "201, false",
    "206, false",
    "302, false",
    "304, false",
    "400, false",
    "401, false",
    "403, false",
    "429, false",
    "500, false",
    "502, false",
    "503, false",
    "599, false",
  })
  void status_decidesWhetherTheTableHolds(int code, boolean kept) {
    assertThat(Storing.judge(exchange(get(""), answer(code, "")), TABLE, List.of()).isPresent())
        .isEqualTo(kept);
    assertThat(
            Storing.judge(
                    exchange(get(""), answer(code, "cache-control: max-age=60")), TABLE, List.of())
                .isPresent())
        .isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({"403, true", "404, true", "429, false", "206, false", "304, false"})
  void breaker_holdsForWhateverMayBeStored(int code, boolean kept) {
    var terms = Terms.breaker(false, Duration.ofSeconds(30));

    assertThat(Storing.judge(exchange(get(""), answer(code, "")), terms, List.of()).isPresent())
        .isEqualTo(kept);
    assertThat(
            Storing.judge(
                exchange(get(""), answer(code, "cache-control: no-store")), terms, List.of()))
        .isEmpty();
  }

  @Test
  void breaker_isOfNoUseOnceItIsNotFresh() {
    StoredResponse stored =
        Storing.judge(
                exchange(get(""), answer(404, "")),
                Terms.breaker(false, Duration.ofSeconds(30)),
                List.of())
            .orElseThrow();

    assertThat(Storing.keptFor(stored, StaleLimits.DEFAULT)).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 103, 206, 304, 429})
  void whatIsNoCompleteAnswer_isNeverStored(int code) {
    assertThat(store(false, code, "cache-control: max-age=3600, public | etag: \"a\"")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get"})
  void otherMethods_areNoneOfOurBusiness(String method) {
    assertThat(Storing.concerns(request(method, "", Body.empty()))).isFalse();
    assertThat(
            Storing.judge(
                exchange(
                    request(method, "", Body.empty()), answer(200, "cache-control: max-age=60")),
                TABLE,
                List.of()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          range: bytes=0-1;                       false
          if-range: "a";                          false
          if-match: "a";                          false
          if-unmodified-since: {0};               false
          cache-control: no-store;                false
          cache-control: no-cache;                true
          cache-control: max-age=0;               true
          if-none-match: "a";                     true
          if-modified-since: {0};                 true
          cookie: a=b;                            true
          authorization: Bot x;                   true
          """)
  void request_decidesWhetherItConcernsTheCache(String written, boolean concerns) {
    assertThat(Storing.concerns(get(written))).isEqualTo(concerns);
    assertThat(Storing.judge(exchange(get(written), answer(200, "")), TABLE, List.of()).isPresent())
        .isEqualTo(concerns);
  }

  @Test
  void requestWithBody_doesNotConcernTheCache() {
    assertThat(Storing.concerns(request("GET", "", Body.of("x")))).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          no-store;                                       false; false
          max-age=10000, no-store;                        false; false
          private, max-age=3600;                          false; true
          private="x", max-age=3600;                      true;  true
          max-age=3600, no-store, must-understand;        true;  true
          must-understand, max-age=3600;                  true;  true
          no-cache;                                       false; false
          no-cache, max-age=3600;                         false; false
          max-age=0;                                      false; false
          max-age=0, stale-if-error=60;                   true;  true
          max-age=0, stale-while-revalidate=60;           true;  true
          max-age=60, must-revalidate;                    true;  true
          max-age=0, stale-if-error=60, must-revalidate;  false; false
          max-age=0, stale-if-error=60, proxy-revalidate; false; true
          """)
  void cacheControl_decidesWhetherItIsKept(String value, boolean shared, boolean ofOne) {
    assertThat(store(true, 200, "cache-control: " + value).isPresent()).isEqualTo(shared);
    assertThat(store(false, 200, "cache-control: " + value).isPresent()).isEqualTo(ofOne);
  }

  @Test
  void unknownStatus_thatMustBeUnderstood_isNotKept() {
    assertThat(store(true, 599, "cache-control: max-age=3600, must-understand")).isEmpty();
    assertThat(store(true, 599, "cache-control: max-age=3600, no-store, must-understand"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control: no-cache | etag: \"a\"",
        "cache-control: max-age=0 | etag: W/\"a\"",
        "expires: {-60} | last-modified: {-120}",
        "cache-control: max-age=10, no-cache | etag: \"a\"",
      })
  void answerThatCanBeConfirmed_isKeptThoughNotFresh(String written) {
    assertThat(store(true, 200, written)).isPresent();
    assertThat(isReused(true, 200, written, 0)).isFalse();
  }

  @Test
  void answerForACredential_isNotKeptForAll() {
    var exchange = exchange(get("authorization: Bot x"), answer(200, "cache-control: public"));

    assertThat(Storing.judge(exchange, Terms.table(true, Duration.ofSeconds(5)), List.of()))
        .isEmpty();
  }

  @Test
  void headersOfOneExchange_areNotKept() {
    StoredResponse kept =
        Storing.judge(
                exchange(
                    get(""),
                    answer(
                        200,
                        """
                        date: {0} | c: 3 | x-ratelimit-remaining: 4 | x-ratelimit-bucket: x \
                        | retry-after: 1 | set-cookie: a=b | cf-ray: x | report-to: x | nel: x \
                        | alt-svc: x | age: 0 | etag: "x" | via: 1.1 google\
                        """)),
                TABLE,
                List.of())
            .orElseThrow();

    assertThat(kept.answer().headers().fields())
        .extracting(Header::name)
        .containsExactly("date", "c", "etag", "via");
  }

  @Test
  void headersOfOneExchange_inTheStrictProfile_areKept() {
    StoredResponse kept =
        stored("date: {0} | cache-control: max-age=60 | set-cookie: a=b | retry-after: 1");

    assertThat(kept.answer().headers())
        .isEqualTo(
            headers("date: {0} | cache-control: max-age=60 | set-cookie: a=b | retry-after: 1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          no-cache="a", max-age=3600;      true;  b c
          no-cache="a, B", max-age=3600;   true;  c
          private="a", max-age=3600;       true;  b c
          private="a", max-age=3600;       false; a b c
          """)
  void fieldsThatMayNotBeRepeated_areNotKept(String value, boolean shared, String kept) {
    var names =
        store(shared, 200, "a: 1 | b: 2 | c: 3 | cache-control: " + value)
            .orElseThrow()
            .answer()
            .headers()
            .without(name -> name.length() > 1)
            .fields();

    assertThat(names).extracting(Header::name).containsExactly(kept.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x: y", "date: foo"})
  void answerWithoutADate_getsOne(String written) {
    var headers = stored("cache-control: max-age=60 | " + written).answer().headers();

    assertThat(headers.joined()).containsEntry("date", "Sun, 22 Nov 2026 12:00:00 GMT");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          cache-control: max-age=60;                              360; 60
          cache-control: max-age=60 | age: 50;                    310; 10
          cache-control: max-age=60 | age: 100;                   260; 0
          cache-control: max-age=60, must-revalidate;             60;  60
          cache-control: max-age=60, stale-if-error=10;           120; 70
          cache-control: max-age=60, stale-while-revalidate=1000; 1060; 1060
          cache-control: max-age=60 | etag: "a";                  360; 360
          cache-control: max-age=60 | age: 7200 | etag: "a";      300; 300
          cache-control: max-age=60, must-revalidate | etag: "a"; 360; 360
          cache-control: no-cache | etag: "a";                    300; 300
          """)
  void keptFor_isAsLongAsItCanBeOfUse(String written, int seconds, int withoutLimits) {
    assertThat(Storing.keptFor(stored(written), StaleLimits.DEFAULT))
        .isEqualTo(Duration.ofSeconds(seconds));
    assertThat(Storing.keptFor(stored(written), StaleLimits.NONE))
        .isEqualTo(Duration.ofSeconds(withoutLimits));
  }

  @Test
  void terms_withoutATime_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Terms.table(false, Duration.ZERO))
        .withMessage("ttl: PT0S (expected: > 0)");
  }
}
