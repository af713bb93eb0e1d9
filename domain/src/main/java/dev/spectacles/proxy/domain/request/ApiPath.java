package dev.spectacles.proxy.domain.request;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Path below Discord's API root, such as {@code /users/@me}: starts with a slash, cannot leave the
 * root, percent-encoding kept as it came.
 *
 * <p>It may hold a webhook's or interaction's token, so it never reaches a log as it is.
 */
public record ApiPath(String value) {
  private static final Pattern ENCODED_DOT = Pattern.compile("%2e", Pattern.CASE_INSENSITIVE);
  private static final Pattern BAD_ENCODING = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern ENCODED_SLASH =
      Pattern.compile("%(?:2f|5c)", Pattern.CASE_INSENSITIVE);

  /** Path of this text; status 3 for what is none. */
  public static ApiPath parse(String value) throws InvalidRequestException {
    if (value.isEmpty() || value.charAt(0) != '/') {
      throw invalid("must start with \"/\", such as /users/@me");
    }
    if (value.length() == 1) {
      throw invalid("names no resource");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '?' || c == '#') {
        throw invalid("has a \"" + c + "\": parameters belong into query");
      }
      if (c <= ' ' || c == '\\' || c == 0x7f) {
        throw invalid("has a space, backslash or control character at index " + i);
      }
      if (Character.isSurrogate(c) && !isPair(value, i)) {
        throw invalid("has half a surrogate pair at index " + i);
      }
    }
    if (BAD_ENCODING.matcher(value).find()) {
      throw invalid("has a \"%\" that starts no percent-encoding");
    }
    if (ENCODED_SLASH.matcher(value).find()) {
      throw invalid("has an encoded slash or backslash");
    }
    for (String segment : segmentsOf(value)) {
      String plain = ENCODED_DOT.matcher(segment).replaceAll(".");
      if (plain.equals(".") || plain.equals("..")) {
        throw invalid("has a dot segment, which could leave the API's root");
      }
      if (segment.isEmpty()) {
        throw invalid("has an empty segment");
      }
    }
    return new ApiPath(value);
  }

  /** Segments between the slashes, still percent-encoded. */
  public List<String> segments() {
    return segmentsOf(value);
  }

  private static List<String> segmentsOf(String value) {
    // A slash at the very end is no segment of its own.
    String inner =
        value.endsWith("/") ? value.substring(1, value.length() - 1) : value.substring(1);
    return List.of(inner.split("/", -1));
  }

  private static boolean isPair(String value, int i) {
    return Character.isHighSurrogate(value.charAt(i))
        ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
  }

  private static InvalidRequestException invalid(String what) {
    return new InvalidRequestException(ResponseStatus.INVALID_PATH, "path: " + what);
  }

  /** Length only: a path may hold a token. */
  @Override
  public String toString() {
    return "ApiPath[" + value.length() + " characters]";
  }
}
