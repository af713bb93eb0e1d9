package dev.spectacles.proxy.adapter.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * What a caller over IPC recognises its answer by: text or a whole number, given back as it came.
 *
 * @param literal the key as JSON
 */
public record IpcKey(String literal) {
  /** Key of this text. */
  public static IpcKey ofText(String text) {
    return new IpcKey('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
  }

  /** Never the key itself: it is the caller's. */
  @Override
  public String toString() {
    return "IpcKey[" + literal.length() + " characters]";
  }
}
