package dev.spectacles.proxy.domain.route;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the top-level keys of a JSON object without reading the rest of it. */
final class JsonKeys {
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-Fa-f]{4})");

  private JsonKeys() {}

  /** Whether the text is a JSON object with one of these keys; wrong JSON may answer either way. */
  static boolean containsAny(String json, Set<String> keys) {
    int depth = 0;
    int i = 0;
    while (i < json.length()) {
      char c = json.charAt(i);
      if (c == '"') {
        int end = endOfString(json, i + 1);
        boolean isKey = depth == 1 && nextIsColon(json, end + 1);
        if (isKey && keys.contains(plain(json.substring(i + 1, Math.min(end, json.length()))))) {
          return true;
        }
        i = end;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      i++;
    }
    return false;
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

  private static int endOfString(String json, int from) {
    int i = from;
    while (i < json.length() && json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  private static boolean nextIsColon(String json, int from) {
    int i = from;
    while (i < json.length() && Character.isWhitespace(json.charAt(i))) {
      i++;
    }
    return i < json.length() && json.charAt(i) == ':';
  }
}
