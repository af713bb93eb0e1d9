package dev.spectacles.proxy.domain.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDatesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          Sun, 06 Nov 1994 08:49:37 GMT;    1994-11-06T08:49:37Z
          Sunday, 06-Nov-94 08:49:37 GMT;   1994-11-06T08:49:37Z
          Sun Nov  6 08:49:37 1994;         1994-11-06T08:49:37Z
          Sun Nov 06 08:49:37 1994;         1994-11-06T08:49:37Z
          Mon, 06 Nov 1994 08:49:37 GMT;    1994-11-06T08:49:37Z
          Sunday, 06-Nov-76 08:49:37 GMT;   2076-11-06T08:49:37Z
          Sunday, 06-Nov-77 08:49:37 GMT;   1977-11-06T08:49:37Z
          Thu, 29 Feb 2024 00:00:00 GMT;    2024-02-29T00:00:00Z
          Sat, 31 Dec 2016 23:59:60 GMT;    2017-01-01T00:00:00Z
          """)
  void date_inEachFormat_isRead(String text, Instant date) {
    assertThat(HttpDates.parse(text, NOW)).contains(date);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "now",
        "1994-11-06T08:49:37Z",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Thu, 29 Feb 2023 00:00:00 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT+1",
      })
  void whatIsNoDate_isNone(String text) {
    assertThat(HttpDates.parse(text, NOW)).isEmpty();
  }

  @Test
  void text_isInThePreferredFormat() {
    assertThat(HttpDates.text(Instant.parse("2008-09-03T11:05:30.999Z")))
        .isEqualTo("Wed, 03 Sep 2008 11:05:30 GMT");
  }
}
