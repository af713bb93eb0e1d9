package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes MessagePack as JSON: integers digit by digit, bytes as text. */
final class MessagePackJson {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private final Source source;
  private final int largest;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private MessagePackJson(Source source, int largest) {
    this.source = source;
    this.largest = largest;
  }

  /**
   * JSON in UTF-8.
   *
   * @param largest in bytes; what becomes larger is refused
   */
  static byte[] of(byte[] payload, int largest) throws IOException, WireException {
    var source = new MessagePackSource(payload);
    var json = new MessagePackJson(source, largest);
    json.value(1);
    source.end();
    return json.out.toByteArray();
  }

  private void value(int level) throws IOException, WireException {
    Kind kind = source.kind();
    switch (kind) {
      case NIL -> {
        source.skip();
        ascii("null");
      }
      case BOOLEAN -> ascii(Boolean.toString(source.flag()));
      case INTEGER -> ascii(source.digits());
      case FLOAT -> ascii(decimal());
      case TEXT, BYTES -> text(source.text().orElseThrow(MessagePackJson::noText));
      case ARRAY -> array(level);
      case MAP -> map(level);
      case OTHER -> throw new WireException("is " + kind.shown());
    }
    if (out.size() > largest) {
      throw new WireException("more than %d bytes as JSON".formatted(largest));
    }
  }

  private String decimal() throws IOException, WireException {
    String decimal = source.decimal();
    if (!Double.isFinite(Double.parseDouble(decimal))) {
      throw new WireException("a float is no number");
    }
    return decimal;
  }

  private void array(int level) throws IOException, WireException {
    checkLevel(level);
    int size = source.open();
    out.write('[');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        out.write(',');
      }
      value(level + 1);
    }
    out.write(']');
  }

  private void map(int level) throws IOException, WireException {
    checkLevel(level);
    int size = source.open();
    out.write('{');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        out.write(',');
      }
      // Maps by id may have numbers for names.
      text(source.kind() == Kind.INTEGER ? source.digits() : source.name());
      out.write(':');
      value(level + 1);
    }
    out.write('}');
  }

  private static void checkLevel(int level) throws WireException {
    if (level > Source.DEEPEST) {
      throw new WireException("nested deeper than " + Source.DEEPEST + " levels");
    }
  }

  private void text(String text) {
    out.write('"');
    for (byte b : text.getBytes(UTF_8)) {
      if (b == '"' || b == '\\') {
        out.write('\\');
        out.write(b);
      } else if (b >= 0 && b < ' ') {
        ascii("\\u00");
        out.write(HEX[b >> 4]);
        out.write(HEX[b & 0xf]);
      } else {
        out.write(b);
      }
    }
    out.write('"');
  }

  private void ascii(String text) {
    out.writeBytes(text.getBytes(US_ASCII));
  }

  private static WireException noText() {
    return new WireException("bytes that are no UTF-8");
  }
}
