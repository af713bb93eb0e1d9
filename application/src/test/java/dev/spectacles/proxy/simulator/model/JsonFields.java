package dev.spectacles.proxy.simulator.model;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Top-level fields of a JSON object: strings unescaped, everything else as written.
 *
 * <p>Lenient, because it only looks for a few known fields: what is malformed ends the reading.
 */
final class JsonFields {
  private final String text;
  private int at;

  private JsonFields(String text, int start) {
    this.text = text;
    this.at = start;
  }

  /** Fields of a JSON body, or of the {@code payload_json} part of a multipart one. */
  static Map<String, String> of(byte[] body, String contentType) {
    if (body.length == 0) {
      return Map.of();
    }
    var text = new String(body, StandardCharsets.UTF_8);
    var start = 0;
    if (contentType.startsWith("multipart/form-data")) {
      start = text.indexOf("name=\"payload_json\"");
      if (start < 0) {
        return Map.of();
      }
    }
    var brace = text.indexOf('{', start);
    return brace < 0 ? Map.of() : new JsonFields(text, brace + 1).read();
  }

  private Map<String, String> read() {
    var fields = new LinkedHashMap<String, String>();
    while (next() == '"') {
      var name = string();
      if (next() != ':') {
        return fields;
      }
      at++;
      fields.put(name, next() == '"' ? string() : other());
      if (next() != ',') {
        return fields;
      }
      at++;
    }
    return fields;
  }

  /** The next character that is not white space, 0 at the end. */
  private char next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private String string() {
    var value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        c = escaped();
      }
      value.append(c);
    }
    at++;
    return value.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode();
      default -> c;
    };
  }

  private char unicode() {
    var end = Math.min(at + 4, text.length());
    try {
      var code = (char) Integer.parseInt(text.substring(at, end), 16);
      at = end;
      return code;
    } catch (NumberFormatException e) {
      return '\uFFFD';
    }
  }

  /** A number, literal, object or array up to the comma or brace that ends it. */
  private String other() {
    var start = at;
    var depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        string();
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}')) {
        break;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      at++;
    }
    return text.substring(start, at).strip();
  }

  /** A string as a JSON literal. */
  static String quote(String value) {
    var quoted = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
