package dev.spectacles.proxy.domain.cache;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates in headers, in all three formats. Source: RFC 9110, section 5.6.7.
 *
 * <p>Letters may be of either case and the day of the week may be wrong (RFC 9111, section 4.2);
 * nothing else may.
 */
final class HttpDates {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final String DAY_NAME = "(?:mon|tue|wed|thu|fri|sat|sun)";
  private static final String LONG_DAY_NAME =
      "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
  private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
  private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
  private static final List<Pattern> FORMATS =
      List.of(
          format(DAY_NAME + ", (?<day>\\d\\d) " + MONTH + " (?<year>\\d{4}) " + TIME + " gmt"),
          format(LONG_DAY_NAME + ", (?<day>\\d\\d)-" + MONTH + "-(?<year>\\d\\d) " + TIME + " gmt"),
          format(DAY_NAME + " " + MONTH + " (?<day>\\d\\d| \\d) " + TIME + " (?<year>\\d{4})"));
  private static final DateTimeFormatter PREFERRED =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int FURTHEST_YEARS = 50;

  private HttpDates() {}

  private static Pattern format(String expression) {
    return Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
  }

  /**
   * The date, if it is one.
   *
   * @param now tells the century of years with two digits
   */
  static Optional<Instant> parse(String text, Instant now) {
    for (Pattern format : FORMATS) {
      Matcher matcher = format.matcher(text);
      if (matcher.matches()) {
        return date(matcher, now);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> date(Matcher matcher, Instant now) {
    int day = number(matcher, "day");
    int hour = number(matcher, "hour");
    int minute = number(matcher, "minute");
    int second = number(matcher, "second");
    int month = MONTHS.indexOf(matcher.group("month").toLowerCase(Locale.ROOT)) + 1;
    int year = year(matcher.group("year"), now);
    // 60 is a leap second.
    if (!YearMonth.of(year, month).isValidDay(day) || hour > 23 || minute > 59 || second > 60) {
      return Optional.empty();
    }
    return Optional.of(
        LocalDateTime.of(year, month, day, hour, minute)
            .plusSeconds(second)
            .toInstant(ZoneOffset.UTC));
  }

  private static int number(Matcher matcher, String group) {
    return Integer.parseInt(matcher.group(group).strip());
  }

  private static int year(String digits, Instant now) {
    int year = Integer.parseInt(digits);
    if (digits.length() > 2) {
      return year;
    }
    int current = LocalDate.ofInstant(now, ZoneOffset.UTC).getYear();
    int inThisCentury = current - current % 100 + year;
    return inThisCentury > current + FURTHEST_YEARS ? inThisCentury - 100 : inThisCentury;
  }

  /** The date in the format that RFC 9110 prefers. */
  static String text(Instant date) {
    return PREFERRED.format(date);
  }
}
