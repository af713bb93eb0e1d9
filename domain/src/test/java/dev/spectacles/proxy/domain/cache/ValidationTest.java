package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.NOW;
import static dev.spectacles.proxy.domain.cache.Messages.URL;
import static dev.spectacles.proxy.domain.cache.Messages.after;
import static dev.spectacles.proxy.domain.cache.Messages.answer;
import static dev.spectacles.proxy.domain.cache.Messages.exchange;
import static dev.spectacles.proxy.domain.cache.Messages.get;
import static dev.spectacles.proxy.domain.cache.Messages.headers;
import static dev.spectacles.proxy.domain.cache.Messages.store;
import static dev.spectacles.proxy.domain.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          etag: "a";                            if-none-match: "a"
          etag: W/"a";                          if-none-match: W/"a"
          last-modified: {-60};                 if-modified-since: {-60}
          etag: "a" | last-modified: {-60};     if-none-match: "a" | if-modified-since: {-60}
          etag: unquoted | last-modified: {-60}; if-modified-since: {-60}
          """)
  void condition_isMadeOfWhatTheAnswerHas(String answered, String conditions) {
    StoredResponse stored = stored("cache-control: max-age=2 | " + answered);

    assertThat(Validation.conditional(stored, headers("abc: 123")))
        .contains(headers("abc: 123 | " + conditions));
  }

  @Test
  void condition_replacesTheCallers() {
    StoredResponse stored = stored("cache-control: max-age=2 | etag: \"a\"");

    assertThat(
            Validation.conditional(
                stored,
                headers("if-none-match: \"b\" | x: y | if-modified-since: {0} | accept: z")))
        .contains(headers("x: y | accept: z | if-none-match: \"a\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x: y", "etag: unquoted", "etag: w/\"a\"", "etag: W\"a\"", "etag: \"a"})
  void answerWithoutValidator_cannotBeConfirmed(String answered) {
    StoredResponse stored = stored("cache-control: max-age=2 | " + answered);

    assertThat(Validation.conditional(stored, headers("x: y"))).isEmpty();
  }

  @Test
  void answerThatIsNoSuccess_cannotBeConfirmed() {
    StoredResponse stored =
        store(false, 404, "cache-control: max-age=2 | etag: \"a\"").orElseThrow();

    assertThat(Validation.conditional(stored, headers(""))).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          test-header;              A;           B;              B
          x-test-header;            A;           B;              B
          content-foo;              A;           B;              B
          cache-control;            max-age=1;   max-age=3600;   max-age=3600
          content-type;             text/plain;  text/html;      text/html
          content-location;         /foo;        /bar;           /bar
          content-security-policy;  default-src; default-src x;  default-src x
          expires;                  {1};         {3600};         {3600}
          set-cookie;               a=b;         a=c;            a=c
          new-header;               ;            B;              B
          content-length;           5;           10;             5
          content-encoding;         gzip;        br;             gzip
          content-range;            A;           B;              A
          content-md5;              A;           B;              A
          """)
  void header_ofA304_replacesTheStoredOne(String name, String old, String anew, String expected) {
    StoredResponse stored =
        stored("etag: \"a\"" + (old == null ? "" : " | %s: %s".formatted(name, old)));

    ProxyResponse.Http confirmed =
        Validation.confirmed(stored, notModified("etag: \"a\" | %s: %s".formatted(name, anew)))
            .orElseThrow();

    assertThat(confirmed.headers().without(other -> !other.equals(name)))
        .isEqualTo(headers("%s: %s".formatted(name, expected)));
  }

  @Test
  void headersThatA304Omits_stay() {
    StoredResponse stored =
        stored("date: {0} | cache-control: max-age=2 | last-modified: {-60} | test: A | test: B");

    ProxyResponse.Http confirmed =
        Validation.confirmed(stored, notModified("date: {5} | last-modified: {-60}")).orElseThrow();

    assertThat(confirmed)
        .isEqualTo(
            new ProxyResponse.Http(
                200,
                headers(
                    """
                    cache-control: max-age=2 | test: A | test: B | date: {5} \
                    | last-modified: {-60}\
                    """),
                URL,
                Body.of("body")));
  }

  @Test
  void confirmedAnswer_isAsFreshAsANewOne() {
    StoredResponse stored = stored("date: {0} | cache-control: max-age=10 | etag: \"a\" | age: 9");
    ProxyResponse.Http confirmed =
        Validation.confirmed(stored, notModified("date: {60} | etag: \"a\" | age: 1"))
            .orElseThrow();

    StoredResponse anew =
        Storing.judge(
                new Exchange(get(""), confirmed, after(60), after(60)),
                Terms.strict(false),
                List.of("g2"))
            .orElseThrow();

    assertThat(anew.received()).isEqualTo(after(60));
    assertThat(anew.generations()).containsExactly("g2");
    assertThat(Reuse.judge(anew, get(""), after(65), StaleLimits.NONE))
        .isEqualTo(new Reuse.Fresh(Duration.ofSeconds(6), Duration.ofSeconds(4)));
    assertThat(anew.answer().headers().joined())
        .containsEntry("date", HttpDates.text(after(60)))
        .doesNotContainKey("age");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          etag: "a";             etag: "a";             true
          etag: "a";             etag: "b";             false
          etag: "a";             x: y;                  true
          etag: W/"a";           etag: "a";             false
          etag: "a";             etag: W/"a";           true
          etag: W/"a";           etag: W/"a";           true
          etag: W/"a";           etag: W/"b";           false
          last-modified: {-60};  last-modified: {-60};  true
          last-modified: {-60};  last-modified: {-50};  false
          last-modified: {-60};  x: y;                  true
          last-modified: {-60};  etag: "a";             false
          etag: "a";             last-modified: {-60};  false
          """)
  void answer_isConfirmedByA304AboutIt(String answered, String confirming, boolean about) {
    StoredResponse stored = stored("cache-control: max-age=2 | " + answered);

    assertThat(Validation.confirmed(stored, notModified(confirming)).isPresent()).isEqualTo(about);
  }

  @ParameterizedTest(name = "{0} asked by {1}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          etag: "abcdef";         if-none-match: "abcdef";                          true
          etag: "abcdef";         if-none-match: "other";                           false
          etag: "abcdef";         if-none-match: W/"abcdef";                        true
          etag: W/"abcdef";       if-none-match: W/"abcdef";                        true
          etag: W/"abcdef";       if-none-match: "abcdef";                          true
          etag: "abcdef";         if-none-match: "abcdef", "1234", "5678";          true
          etag: "abcdef";         if-none-match: "1234", "abcdef", "5678";          true
          etag: "abcdef";         if-none-match: "1234","5678","abcdef";            true
          etag: "abcdef";         if-none-match: "1234" | if-none-match: "abcdef";  true
          etag: "a,b";            if-none-match: "a", "b";                          false
          etag: "a,b";            if-none-match: "a,b";                             true
          etag: "a\\";            if-none-match: "a\\", "b";                        true
          etag: "abcdef";         if-none-match: abcdef;                            false
          etag: abcdef;           if-none-match: "abcdef";                          false
          etag: "";               if-none-match: "";                                true
          etag: "abcdef";         if-none-match: *;                                 true
          x: y;                   if-none-match: *;                                 true
          x: y;                   if-none-match: "abcdef";                          false
          x: y;                   x: y;                                             false
          etag: "a" | last-modified: {-5000}; if-none-match: "a" | if-modified-since: {-9000}; true
          etag: "a" | last-modified: {-5000}; if-none-match: "b" | if-modified-since: {-1}; false
          last-modified: {-3000}; if-modified-since: {-3000};                       true
          last-modified: {-3000}; if-modified-since: {-2000};                       true
          last-modified: {-3000}; if-modified-since: {-3001};                       false
          date: {0};              if-modified-since: {0};                           true
          date: {0};              if-modified-since: {-1};                          false
          last-modified: {-3000}; if-modified-since: yesterday;                     false
          last-modified: {-3000}; if-modified-since: Sunday, 22-Nov-26 11:10:00 GMT; true
          last-modified: {-3000}; if-modified-since: Sunday, 22-Nov-26 11:09:59 GMT; false
          """)
  void caller_whoHasTheAnswerAlready_getsA304(String answered, String asked, boolean already) {
    ProxyResponse.Http full = answer(200, answered);

    assertThat(Validation.notModified(full, headers(asked), NOW).isPresent()).isEqualTo(already);
    assertThat(Validation.notModified(answer(404, answered), headers(asked), NOW)).isEmpty();
  }

  @Test
  void a304_hasWhatItMustAndNoBody() {
    StoredResponse stored =
        stored(
            """
            date: {0} | etag: "a" | last-modified: {-60} | cache-control: max-age=60 | vary: foo \
            | content-location: /x | expires: {60} | content-type: text/plain | content-length: 4 \
            | x-test: y\
            """);
    ProxyResponse.Http full =
        stored.hit(Duration.ofSeconds(3), CacheStatus.hit(Duration.ofSeconds(57), Detail.REST));

    assertThat(Validation.notModified(full, headers("if-none-match: \"a\""), NOW))
        .contains(
            new ProxyResponse.Http(
                304,
                headers(
                    """
                    date: {0} | etag: "a" | cache-control: max-age=60 | vary: foo \
                    | content-location: /x | expires: {60} | age: 3 \
                    | cache-status: spectacles; hit; ttl=57; detail=rest\
                    """),
                URL,
                Body.empty()));
  }

  @Test
  void a304_withoutAnEntityTag_hasTheDate() {
    ProxyResponse.Http full = answer(200, "last-modified: {-60} | date: {0} | x: y");

    assertThat(
            Validation.notModified(full, headers("if-modified-since: {0}"), NOW)
                .orElseThrow()
                .headers())
        .isEqualTo(headers("last-modified: {-60} | date: {0}"));
  }

  @Test
  void requestWithConditions_hasItsFullAnswerStored() {
    assertThat(
            Storing.judge(
                exchange(
                    get("if-none-match: \"b\""),
                    answer(200, "etag: \"a\" | cache-control: max-age=60")),
                Terms.strict(false),
                List.of()))
        .isPresent();
  }

  private static ProxyResponse.Http notModified(String headers) {
    return new ProxyResponse.Http(304, headers(headers), URL, Body.empty());
  }
}
