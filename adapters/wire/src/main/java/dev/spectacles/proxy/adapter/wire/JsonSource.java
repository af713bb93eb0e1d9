package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * JSON in UTF-8.
 *
 * <p>The parser stands on the value that comes next, and is moved by {@link #more} and {@link
 * #name} alone.
 */
final class JsonSource implements Source {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST + 1)
                  // A body is a string as long as the payload permits.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          // Names come from strangers: none of them may stay in the JVM's tables.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // The default keeps buffers per thread, and a virtual thread lives for one request.
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private static final int SMALL = 64 * 1024;

  /** The whole, where it was laid ready. */
  private final @Nullable String text;

  private final JsonParser parser;

  private JsonSource(@Nullable String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  static JsonSource of(byte[] payload) throws IOException, WireException {
    // Decoded here, as the parser would guess at UTF-16 and UTF-32.
    String text =
        Utf8.decode(payload).orElseThrow(() -> new WireException("JSON that is no UTF-8"));
    JsonParser parser = JSON.createParser(text.toCharArray());
    parser.nextToken();
    return new JsonSource(text, parser);
  }

  /**
   * Part of a document; what is large is decoded bit by bit, as text takes three times its size,
   * and its values have no {@link #raw} form.
   */
  static JsonSource of(byte[] json, int offset, int length) throws IOException, WireException {
    if (length <= SMALL) {
      return of(Arrays.copyOfRange(json, offset, offset + length));
    }
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var text = new InputStreamReader(new ByteArrayInputStream(json, offset, length), decoder);
    JsonParser parser = JSON.createParser(text);
    parser.nextToken();
    return new JsonSource(null, parser);
  }

  @Override
  public String format() {
    return "JSON";
  }

  @Override
  public String position() {
    return "character " + parser.currentLocation().getCharOffset();
  }

  @Override
  public Kind kind() throws WireException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> Kind.MAP;
      case START_ARRAY -> Kind.ARRAY;
      case VALUE_STRING -> Kind.TEXT;
      case VALUE_NUMBER_INT -> Kind.INTEGER;
      case VALUE_NUMBER_FLOAT -> Kind.FLOAT;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case VALUE_NULL -> Kind.NIL;
      case null, default -> throw new WireException("no JSON value");
    };
  }

  @Override
  public int open() {
    return 0;
  }

  @Override
  public boolean more(int index, int size) throws IOException {
    JsonToken token = parser.nextToken();
    return token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY;
  }

  @Override
  public String name() throws IOException, WireException {
    String name = text().orElseThrow(() -> new WireException("a name is no UTF-8"));
    parser.nextToken();
    return name;
  }

  @Override
  public Optional<String> text() throws IOException {
    String text = parser.getText();
    return Utf8.isEncodable(text) ? Optional.of(text) : Optional.empty();
  }

  @Override
  public byte[] bytes() throws IOException, WireException {
    return text()
        .orElseThrow(() -> new WireException("text with half a surrogate pair"))
        .getBytes(UTF_8);
  }

  @Override
  public String digits() throws IOException {
    String digits = parser.getText();
    return digits.equals("-0") ? "0" : digits;
  }

  @Override
  public OptionalLong integer() throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> OptionalLong.of(parser.getLongValue());
      default -> OptionalLong.empty();
    };
  }

  @Override
  public String decimal() throws IOException {
    return JavaScriptNumber.of(parser.getDoubleValue());
  }

  @Override
  public boolean isExact() {
    return false;
  }

  @Override
  public byte[] raw() throws IOException {
    if (text == null) {
      throw new IllegalStateException("raw: of a part (expected: of a whole document)");
    }
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getCharOffset();
    return text.substring(start, end).getBytes(UTF_8);
  }

  @Override
  public boolean flag() throws IOException {
    return parser.getBooleanValue();
  }

  @Override
  public void skip() throws IOException {
    parser.skipChildren();
  }

  @Override
  public void end() throws IOException, WireException {
    if (parser.nextToken() != null) {
      throw new WireException("something follows its end");
    }
  }
}
