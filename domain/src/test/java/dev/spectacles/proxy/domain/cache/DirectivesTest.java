package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {
  private static final Duration ANY = Duration.ofSeconds(1L << 31);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          a, b;               a|b
          a,b ,, c,;          a|b|c
          "a, b", c;          "a, b"|c
          a="x,y", b;         a="x,y"|b
          a="x\\",y", b;      a="x\\",y"|b
          a="x, no-store;     a="x|no-store
          "a", "b, no-store;  "a"|"b|no-store
          \t a\t,\tb;         a|b
          """)
  void list_isSplitOutsideQuotes(String list, String members) {
    assertThat(FieldLists.split(list)).containsExactly(members.split("\\|"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control: no-store",
        "cache-control: nO-StOrE",
        "cache-control: max-age=1,no-store",
        "cache-control: max-age=1 | cache-control: no-store",
        "cache-control: ,, no-store ,",
        "cache-control: x=\"y, no-store",
        "cache-control: no-store=\"really\"",
      })
  void noStore_howeverWritten_isFound(String written) {
    assertThat(ResponseDirectives.of(headers(written)).noStore()).isTrue();
    assertThat(RequestDirectives.of(headers(written)).noStore()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control: x=\"no-store\"",
        "cache-control: x=\"a, no-store, b\"",
        "cache-control: no-storeage",
        "cache-control: x-no-store",
        "x-cache-control: no-store",
      })
  void noStore_withinSomethingElse_isNone(String written) {
    assertThat(ResponseDirectives.of(headers(written)).noStore()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          no-cache;                 true;
          no-cache="";              true;
          no-cache=;                true;
          no-cache="a;              true;
          no-cache = "a";           true;
          no-cache="a";             false; a
          no-cache=a;               false; a
          no-cache="A, b";          false; a b
          no-cache="a", no-cache;   true;  a
          No-CaChE;                 true;
          """)
  void noCache_withFields_isAboutThemOnly(String value, boolean all, String fields) {
    ResponseDirectives read = ResponseDirectives.of(headers("cache-control: " + value));

    assertThat(read.noCache()).isEqualTo(all);
    assertThat(read.noCacheFields())
        .containsExactlyInAnyOrderElementsOf(
            fields == null ? List.of() : List.of(fields.split(" ")));
  }

  @Test
  void answer_withEverything_isRead() {
    ResponseDirectives read =
        ResponseDirectives.of(
            headers(
                """
                cache-control: public, must-revalidate, proxy-revalidate, must-understand, \
                private="x", max-age=1, s-maxage=2, stale-if-error=3, stale-while-revalidate=4\
                """));

    assertThat(read.isPublic()).isTrue();
    assertThat(read.mustRevalidate()).isTrue();
    assertThat(read.proxyRevalidate()).isTrue();
    assertThat(read.mustUnderstand()).isTrue();
    assertThat(read.isPrivate()).isFalse();
    assertThat(read.privateFields()).containsExactly("x");
    assertThat(read.maxAge()).contains(Duration.ofSeconds(1));
    assertThat(read.sMaxAge()).contains(Duration.ofSeconds(2));
    assertThat(read.staleIfError()).contains(Duration.ofSeconds(3));
    assertThat(read.staleWhileRevalidate()).contains(Duration.ofSeconds(4));
  }

  @Test
  void request_withEverything_isRead() {
    RequestDirectives read =
        RequestDirectives.of(
            headers(
                """
                cache-control: no-cache, only-if-cached, max-age=1, min-fresh=2, max-stale=3, \
                stale-if-error=4\
                """));

    assertThat(read)
        .isEqualTo(
            new RequestDirectives(
                true, false, true, seconds(1), seconds(2), seconds(3), seconds(4)));
  }

  @Test
  void request_withNothing_asksForNothing() {
    assertThat(RequestDirectives.of(headers("x: y")))
        .isEqualTo(
            new RequestDirectives(
                false,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.5", "", "'1'", " 1", "\"1", "1 2", "+1", "0x1"})
  void time_thatCannotBeRead_permitsLeast(String value) {
    RequestDirectives read =
        RequestDirectives.of(
            headers(
                "cache-control: max-age=%1$s, max-stale=%1$s, stale-if-error=%1$s, min-fresh=%1$s"
                    .formatted(value)));

    assertThat(read.maxAge()).contains(Duration.ZERO);
    assertThat(read.maxStale().orElse(Duration.ZERO)).isZero();
    assertThat(read.staleIfError().orElse(Duration.ZERO)).isZero();
    assertThat(read.minFresh().orElse(ANY)).isEqualTo(ANY);
  }

  @Test
  void maxStale_withoutATime_isAny() {
    assertThat(RequestDirectives.of(headers("cache-control: max-stale")).maxStale()).contains(ANY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          pragma: no-cache;                                true
          pragma: No-Cache;                                true
          pragma: x, no-cache;                             true
          pragma: unrecognised-extension;                  false
          pragma: no-cache | cache-control: max-age=60;    false
          pragma: x | cache-control: no-cache;             true
          """)
  void pragma_countsWhereNoCacheControlIs(String written, boolean noCache) {
    assertThat(RequestDirectives.of(headers(written)).noCache()).isEqualTo(noCache);
  }

  private static Optional<Duration> seconds(int seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }
}
