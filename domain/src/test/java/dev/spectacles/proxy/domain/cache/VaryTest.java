package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.after;
import static dev.spectacles.proxy.domain.cache.Messages.answer;
import static dev.spectacles.proxy.domain.cache.Messages.exchange;
import static dev.spectacles.proxy.domain.cache.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.request.Header;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mostly the cases of http-tests/cache-tests, written anew, under its names. */
class VaryTest {
  private static final String NOTHING = "x: y";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          match;           Foo;            foo: 1;            foo: 1;            true
          no-match;        Foo;            foo: 1;            foo: 2;            false
          omit-stored;     Foo;            x: y;              foo: 1;            false
          omit;            Foo;            foo: 1;            x: y;              false
          empty, omitted;  Foo;            foo:;              x: y;              false
          both omitted;    Foo;            x: y;              x: z;              true
          cache-key;       Foo;            foo: 1 | other: 2; foo: 1 | other: 3; true
          2-match;         Foo, Bar;       foo: 1 | bar: abc; foo: 1 | bar: abc; true
          2-no-match;      Foo, Bar;       foo: 1 | bar: abc; foo: 2 | bar: abc; false
          2-match-omit;    Foo, Bar;       foo: 1 | bar: abc; x: y;              false
          3-order;         Foo, Bar, Baz;  foo: 1 | bar: abc | baz: 789; foo: 1 | baz: 789 | bar: abcde; false
          3-other-order;   Foo, Bar, Baz;  foo: 1 | bar: abc | baz: 789; baz: 789 | foo: 1 | bar: abc; true
          3-omit;          Foo, Bar, Baz;  foo: 1 | baz: 789; foo: 1 | baz: 789; true
          two lines;       Foo | vary: Bar; foo: 1 | bar: 2;  foo: 1 | bar: 3;   false
          name-case;       fOO;            foo: 1;            foo: 2;            false
          normalise-combine; Foo;          foo: 1, 2;         foo: 1 | foo: 2;   true
          normalise-space; Foo;            foo: 1,2;          foo: 1, 2;         true
          order-counts;    Foo;            foo: 1, 2;         foo: 2, 1;         false
          case-counts;     Foo;            foo: a;            foo: A;            false
          lang-case;       Accept-Language; accept-language: en, de; accept-language: eN, De; true
          lang-space;      Accept-Language; accept-language: en, de; accept-language: en ,   de; true
          lang-other;      Accept-Language; accept-language: en; accept-language: de; false
          not passed on;   Accept-Encoding; accept-encoding: gzip; x: y;         true
          scope;           Authorization;  authorization: a;  authorization: a;  true
          """)
  void requests_thatSelectTheSame_shareTheAnswer(
      String name, String vary, String first, String second, boolean reused) {
    StoredResponse stored = store(vary, first).orElseThrow();

    Reuse reuse = Reuse.judge(stored, get(second), after(3), StaleLimits.DEFAULT);

    if (reused) {
      assertThat(reuse).isInstanceOf(Reuse.Fresh.class);
    } else {
      assertThat(reuse).isEqualTo(new Reuse.None(Forward.VARY_MISS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*, *", "* | vary: *", ", *", " | vary: *", "*, Foo", "Foo, *"})
  void answerThatDependsOnWhoKnowsWhat_isNotKept(String vary) {
    assertThat(store(vary, "foo: 1 | baz: 789")).isEmpty();
  }

  @Test
  void vary_isKeptWhateverElseIsSaidOfIt() {
    StoredResponse stored = store("Foo | cache-control: no-cache=\"vary\"", NOTHING).orElseThrow();

    assertThat(Reuse.judge(stored, get("foo: 1"), after(3), StaleLimits.DEFAULT))
        .isEqualTo(new Reuse.None(Forward.VARY_MISS));
  }

  @Test
  void selectingHeaders_areKeptAsDigestsOnly() {
    StoredResponse stored = store("Cookie", "cookie: marked-secret").orElseThrow();

    assertThat(stored.vary()).extracting(Header::name).containsExactly("cookie");
    assertThat(stored.vary()).extracting(Header::value).allMatch(value -> value.length() == 16);
  }

  @Test
  void credentials_areNotKept() {
    assertThat(store("Authorization", "authorization: Bot x").orElseThrow().vary()).isEmpty();
  }

  @Test
  void answerThatDependsOnNothing_isForAll() {
    assertThat(store("", NOTHING).orElseThrow().vary()).isEmpty();
  }

  private static Optional<StoredResponse> store(String vary, String asked) {
    return Storing.judge(
        exchange(get(asked), answer(200, "cache-control: max-age=5000 | vary: " + vary)),
        Terms.strict(false),
        List.of());
  }
}
