package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.bootstrap.config.Setting.Rule;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the values of single keys have to be beyond their type. */
final class Rules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

  private static final int SHORTEST_SECRET = 16;

  /** In days. */
  private static final int LONGEST_PERSONAL = 30;

  static final Rule NOT_EMPTY =
      value -> demand(!((String) value).isBlank(), "a text that is not empty");

  static final Rule NAMED =
      value ->
          demand(
              NAME.matcher((String) value).matches(),
              "1 to 64 letters, digits, dots, hyphens or underscores");

  static final Rule HEADER_VALUE =
      value ->
          demand(
              PRINTABLE.matcher((String) value).matches() && !((String) value).isBlank(),
              "printable ASCII that is not empty");

  static final Rule EXCHANGE =
      value ->
          demand(
              ((Optional<?>) value).filter(d -> isExchangeTime((Duration) d)).isPresent(),
              "a duration above zero and up to 1h, such as \"15s\"");

  static final Rule POSITIVE_OR_NONE =
      value ->
          demand(
              ((Optional<?>) value).filter(d -> ((Duration) d).isZero()).isEmpty(),
              "a duration above zero, or \"\" for none");

  static final Rule LOOK_UP =
      value ->
          demand(
              ((Optional<?>) value).filter(d -> isLookUpTime((Duration) d)).isPresent(),
              "a duration above zero and up to 10s, such as \"50ms\"");

  /** Short enough that nobody's data is kept for good by mistake. */
  static final Rule PERSONAL =
      value ->
          demand(
              ((Optional<?>) value)
                  .map(Duration.class::cast)
                  .filter(d -> d.toSeconds() >= 1 && d.toDays() <= LONGEST_PERSONAL)
                  .isPresent(),
              "a duration from 1s to 30d, such as \"24h\"");

  static final Rule LAG =
      value ->
          demand(
              ((Optional<?>) value).filter(d -> ((Duration) d).isPositive()).isPresent(),
              "a duration above zero, such as \"5s\"");

  /** Stores of tags need not know for longer when one was bumped. */
  static final Rule SETTLE =
      value ->
          demand(
              ((Optional<?>) value).filter(d -> isSettleTime((Duration) d)).isPresent(),
              "a duration up to 30s, such as \"250ms\" or \"0s\"");

  static final Rule GIVEN =
      value -> demand(((Optional<?>) value).isPresent(), "a duration, such as \"30s\" or \"0s\"");

  static final Rule SECRET =
      value ->
          demand(
              ((String) value).isEmpty() || ((String) value).length() >= SHORTEST_SECRET,
              "at least " + SHORTEST_SECRET + " characters, or none");

  static final Rule API_URL = value -> apiUrl((String) value);
  static final Rule ADDRESS = value -> ListenAddress.parse((String) value);
  static final Rule HTTP_PATH =
      value ->
          demand(
              ((String) value).isEmpty() || ((String) value).matches("[A-Za-z0-9/._~-]+"),
              "a path such as \"metrics\"");

  private Rules() {}

  /** Root of Discord's API, without a slash at its end. */
  static URI apiUrl(String text) throws BadValueException {
    String expected = "an http or https URL without credentials, query and fragment";
    try {
      var url = new URI(text.strip().replaceAll("/+$", ""));
      String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
      boolean usable =
          (scheme.equals("http") || scheme.equals("https"))
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      demand(usable, expected);
      demand(
          !url.getPath().matches(".*/v[0-9]{1,3}"),
          "the root without a version, which discord.api_version adds");
      return url;
    } catch (URISyntaxException notAUrl) {
      throw new BadValueException(expected);
    }
  }

  private static boolean isLookUpTime(Duration duration) {
    return duration.isPositive() && duration.compareTo(Duration.ofSeconds(10)) <= 0;
  }

  private static boolean isSettleTime(Duration duration) {
    return duration.compareTo(Duration.ofSeconds(30)) <= 0;
  }

  private static boolean isExchangeTime(Duration duration) {
    return duration.isPositive() && duration.compareTo(Duration.ofHours(1)) <= 0;
  }

  private static void demand(boolean met, String expectation) throws BadValueException {
    if (!met) {
      throw new BadValueException(expectation);
    }
  }
}
