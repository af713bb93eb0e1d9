package dev.spectacles.proxy.domain.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({
    "1ns, PT0.000000001S",
    "1nsec, PT0.000000001S",
    "1nanos, PT0.000000001S",
    "1us, PT0.000001S",
    "1usec, PT0.000001S",
    "1µs, PT0.000001S",
    "500ms, PT0.5S",
    "500msec, PT0.5S",
    "500millis, PT0.5S",
    "3s, PT3S",
    "3sec, PT3S",
    "3secs, PT3S",
    "1second, PT1S",
    "3seconds, PT3S",
    "2m, PT2M",
    "2min, PT2M",
    "2mins, PT2M",
    "1minute, PT1M",
    "2 minutes, PT2M",
    "4h, PT4H",
    "4hr, PT4H",
    "4hrs, PT4H",
    "1hour, PT1H",
    "4hours, PT4H",
    "1d, PT24H",
    "1day, PT24H",
    "2days, PT48H",
    "1w, PT168H",
    "1wk, PT168H",
    "2wks, PT336H",
    "1week, PT168H",
    "2weeks, PT336H",
    "1M, PT2630016S",
    "1month, PT2630016S",
    "2months, PT5260032S",
    "1y, PT31557600S",
    "1yr, PT31557600S",
    "2yrs, PT63115200S",
    "1year, PT31557600S",
    "2years, PT63115200S",
    "1h 30m, PT1H30M",
    "1h30m, PT1H30M",
    "30m 1h, PT1H30M",
    "1s 1s, PT2S",
    "' 2 min ', PT2M",
    "0s, PT0S",
    "0, PT0S",
    "9223372036854775807ns, PT2562047H47M16.854775807S",
    "106751d, PT2562024H"
  })
  void parse_valid_sumsItsParts(String text, String expected) {
    assertThat(HumanDuration.parse(text)).contains(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void parse_blank_isNone(String text) {
    assertThat(HumanDuration.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 | at character 2: a unit such as s, min or h",
        "1h 30 | at character 6: a unit such as s, min or h",
        "s | at character 1: a whole number without sign",
        "-5s | at character 1: a whole number without sign",
        "1.5h | at character 2: a unit such as s, min or h",
        "1h,30m | at character 3: a whole number without sign",
        "2 minuts | at character 3: a unit such as s, min or h, not minuts (did you mean minute?)",
        "3 blarghs | at character 3: a unit such as s, min or h, not blarghs",
        "5MIN | at character 2: a unit such as s, min or h, not MIN (did you mean min?)",
        "99999999999999999999s | at character 1: a smaller number",
        "9223372036854775808ns | at character 1: a smaller number",
        "9223372036854775807s | at character 1: at most 292 years in all",
        "293y | at character 1: at most 292 years in all",
        "292y 292y | at character 6: at most 292 years in all",
        "9223372036854775807ns 1ns | at character 23: at most 292 years in all"
      })
  void parse_invalid_saysWhyAndWhere(String text, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HumanDuration.parse(text))
        .withMessage(
            "duration: \""
                + text
                + "\" (expected: a duration such as 30s, 2min or 1h 30m; "
                + expected
                + ")");
  }

  @Test
  void parse_digitsOfOtherScripts_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> HumanDuration.parse("٣s"));
  }
}
