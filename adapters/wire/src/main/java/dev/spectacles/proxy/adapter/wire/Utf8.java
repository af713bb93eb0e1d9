package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.Optional;

/** Strict UTF-8: malformed input is none, instead of being replaced. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private static final int CHARS_AT_ONCE = 4096;

  private Utf8() {}

  static Optional<String> decode(byte[] bytes) {
    // The decoder for valid text is the fast one; only where it replaced something (or the text
    // holds that very character) is there anything to compare.
    String text = new String(bytes, UTF_8);
    boolean replaced =
        text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(UTF_8), bytes);
    return replaced ? Optional.empty() : Optional.of(text);
  }

  /** Whether it is well-formed; without its text, which takes twice as much. */
  static boolean isValid(byte[] bytes) {
    CharsetDecoder decoder = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(Math.min(bytes.length, CHARS_AT_ONCE) + 1);
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    return result.isUnderflow();
  }

  /** Whether every surrogate has its other half: what JSON can write, but UTF-8 cannot. */
  static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSurrogatePair(
            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
