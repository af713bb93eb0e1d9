package dev.spectacles.proxy.simulator.scenario;

/** Reads one {@link TextLine} from left to right. */
final class TextLineParser {
  private final String text;
  private int at;

  TextLineParser(String text) {
    this.text = text.strip();
  }

  TextLine parse() {
    var keyword = upTo(' ');
    if (keyword.isEmpty()) {
      throw new IllegalArgumentException("line without a keyword");
    }
    var line = TextLine.of(keyword);
    while (skipBlanks()) {
      var key = upTo('=');
      if (at >= text.length()) {
        throw new IllegalArgumentException("%s: = expected after %s".formatted(keyword, key));
      }
      at++;
      line.with(key, at < text.length() && text.charAt(at) == '"' ? quoted() : upTo(' '));
    }
    return line;
  }

  private boolean skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at < text.length();
  }

  private String upTo(char end) {
    var start = at;
    while (at < text.length() && text.charAt(at) != end) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    var value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      value.append(c == '\\' && at < text.length() ? unescaped(text.charAt(at++)) : c);
    }
    throw new IllegalArgumentException("unterminated quote: " + text);
  }

  private static char unescaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }
}
