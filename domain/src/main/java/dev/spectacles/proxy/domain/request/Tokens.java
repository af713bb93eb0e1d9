package dev.spectacles.proxy.domain.request;

/** Character classes of RFC 9110, section 5.6.2. */
final class Tokens {
  private static final int LONGEST_SHOWN = 40;

  private Tokens() {}

  static boolean isToken(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /** Text for an error message: short, quoted, and without anything but printable ASCII. */
  static String printable(String text) {
    var shown = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), LONGEST_SHOWN); i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c <= '~' ? c : '?');
    }
    if (text.length() > LONGEST_SHOWN) {
      shown.append("...");
    }
    return shown.append('"').toString();
  }
}
