package dev.spectacles.proxy.domain.route;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the top-level keys of a JSON object without reading the rest of it. */
public final class JsonKeys {
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");

  private JsonKeys() {}

  /** Whether the text is a JSON object with one of these keys; wrong JSON may answer either way. */
  public static boolean containsAny(String json, Set<String> keys) {
    return !values(json, keys).isEmpty();
  }

  /**
   * Those of these keys that the JSON object has, with their values: a string without its quotes,
   * any other scalar as it is written, nothing for an array or object. What is no JSON object has
   * none; wrong JSON may have any.
   */
  public static Map<String, String> values(String json, Set<String> keys) {
    var found = new HashMap<String, String>();
    int depth = 0;
    int i = 0;
    while (i < json.length() && found.size() < keys.size()) {
      char c = json.charAt(i);
      if (c == '"') {
        int end = endOfString(json, i + 1);
        int colon = depth == 1 ? skipSpace(json, end + 1) : json.length();
        if (colon < json.length() && json.charAt(colon) == ':') {
          String key = plain(json.substring(i + 1, end));
          if (keys.contains(key)) {
            found.put(key, scalar(json, skipSpace(json, colon + 1)));
          }
        }
        i = end;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      i++;
    }
    return found;
  }

  private static String scalar(String json, int from) {
    if (from >= json.length()) {
      return "";
    }
    if (json.charAt(from) == '"') {
      return plain(json.substring(from + 1, Math.max(from + 1, endOfString(json, from + 1))));
    }
    int end = from;
    while (end < json.length() && ",}] \t\r\n{[".indexOf(json.charAt(end)) < 0) {
      end++;
    }
    return json.substring(from, end);
  }

  /** A key may be written with escapes although it needs none. */
  private static String plain(String key) {
    return key.indexOf('\\') < 0
        ? key
        : ESCAPE
            .matcher(key)
            .replaceAll(
                found -> {
                  char c = (char) Integer.parseInt(found.group(1), 16);
                  return Matcher.quoteReplacement(String.valueOf(c));
                });
  }

  /** Where the closing quote is; the end of the text where there is none. */
  private static int endOfString(String json, int from) {
    int i = from;
    while (i < json.length() && json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i, json.length());
  }

  private static int skipSpace(String json, int from) {
    int i = from;
    while (i < json.length() && Character.isWhitespace(json.charAt(i))) {
      i++;
    }
    return i;
  }
}
