package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import java.util.regex.Pattern;

/** Makes values fit to be shown: no secret key, and no password inside an address. */
final class Masking {
  private static final String MASK = "***";
  private static final int LONGEST_QUOTED = 80;

  /** Greedy up to the last at sign: a password that was not percent-encoded may hold any other. */
  private static final Pattern USER_AND_PASSWORD =
      Pattern.compile("^((?:[A-Za-z][A-Za-z0-9+.-]*://)?[^:@/]*):(?!//).*@", Pattern.DOTALL);

  private static final Pattern USER_ONLY =
      Pattern.compile("^((?:[A-Za-z][A-Za-z0-9+.-]*://)?)[^:@/]+@", Pattern.DOTALL);
  private static final Pattern QUERY_VALUE =
      Pattern.compile(
          "([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&#]*", Pattern.CASE_INSENSITIVE);
  private static final Pattern SECRET_NAME =
      Pattern.compile("pass|secret|token|credential|(?:^|_)(?:key|auth)(?:$|_)");

  private Masking() {}

  /** The value in quotes, as messages show it: masked, on one line, and not too long. */
  static String quote(ConfigKeys.Key key, String value) {
    String shown = show(key, value);
    var quoted = new StringBuilder("\"");
    shown
        .codePoints()
        .limit(LONGEST_QUOTED)
        .forEach(c -> quoted.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return quoted.append(shown.length() > LONGEST_QUOTED ? "...\"" : "\"").toString();
  }

  static String show(ConfigKeys.Key key, String value) {
    boolean secret =
        key.secret()
            || (key.type() != ConfigKeys.Type.FLAG && SECRET_NAME.matcher(key.name()).find());
    boolean address = key.name().equals("url") || key.name().endsWith("_url");
    if (value.isEmpty() || (secret && !address)) {
      return value.isEmpty() ? value : MASK;
    }
    return address || value.contains("://") ? addresses(value) : value;
  }

  private static String addresses(String value) {
    String masked = USER_AND_PASSWORD.matcher(value).replaceFirst("$1:" + MASK + "@");
    masked = USER_ONLY.matcher(masked).replaceFirst("$1" + MASK + "@");
    return QUERY_VALUE.matcher(masked).replaceAll("$1" + MASK);
  }
}
