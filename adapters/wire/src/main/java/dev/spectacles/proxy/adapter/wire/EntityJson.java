package dev.spectacles.proxy.adapter.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/**
 * Entities and events of Discord's in UTF-8: every value is a slice of the bytes that it was read
 * from.
 *
 * <p>Objects and arrays are looked into down to four levels below the outermost, which is where an
 * event has the user of a member of one of its lists; what is nested deeper stays one slice. Of two
 * members of one name the last is taken. Thread-safe.
 */
public final class EntityJson implements JsonReader {
  private static final int READ_LEVELS = 4;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Source.DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          // Names are Discord's own and the same in each event: they are read once. The table is
          // bounded, unlike the JVM's.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private final int largest;

  /**
   * Reader of documents up to a size.
   *
   * @param largest in bytes; what is larger is refused
   */
  public EntityJson(int largest) {
    this.largest = largest;
  }

  @Override
  public JsonObject read(byte[] json) throws InvalidEventException {
    checkSize(json.length, largest);
    if (!isObject(json) || !Utf8.isValid(json)) {
      throw new InvalidEventException("event: no JSON object in UTF-8");
    }
    try (JsonParser parser = JSON.createParser(json)) {
      return new Document(json, parser).read();
    } catch (IOException e) {
      // Without its message, which may quote the payload.
      throw new InvalidEventException("event: damaged JSON");
    }
  }

  static void checkSize(int size, int largest) throws InvalidEventException {
    if (size > largest) {
      throw new InvalidEventException(
          "event: %d bytes (expected: at most %d)".formatted(size, largest));
    }
  }

  /** Whether it begins like one, and not so that the parser would take it for UTF-16 or UTF-32. */
  private static boolean isObject(byte[] json) {
    int at = 0;
    while (at < json.length && isSpace(json[at])) {
      at++;
    }
    if (at == json.length || json[at] != '{') {
      return false;
    }
    for (int i = 0; i < Math.min(4, json.length); i++) {
      if (json[i] == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** A document while it is read. */
  private static final class Document {
    private final byte[] json;
    private final JsonParser parser;

    /** Members that another one of the same name replaced. */
    private int replaced;

    Document(byte[] json, JsonParser parser) {
      this.json = json;
      this.parser = parser;
    }

    JsonObject read() throws IOException, InvalidEventException {
      parser.nextToken();
      JsonObject object = object(0);
      if (parser.nextToken() != null) {
        throw new InvalidEventException("event: something follows its JSON");
      }
      return object;
    }

    private JsonObject object(int level) throws IOException {
      int start = tokenStart();
      int replacedBefore = replaced;
      var members = new LinkedHashMap<String, Json>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (members.put(name, value(level + 1)) != null) {
          replaced++;
        }
      }
      return replaced == replacedBefore
          ? JsonObject.of(members, json, start, tokenStart() + 1)
          : JsonObject.of(members);
    }

    private JsonArray array(int level) throws IOException {
      var items = new ArrayList<Json>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(level + 1));
      }
      return new JsonArray(items);
    }

    private Json value(int level) throws IOException {
      JsonToken token = parser.currentToken();
      if (level <= READ_LEVELS) {
        if (token == JsonToken.START_OBJECT) {
          return object(level);
        }
        if (token == JsonToken.START_ARRAY) {
          return array(level);
        }
      }
      int start = tokenStart();
      return JsonScalar.ofRaw(json, start, end(token, start));
    }

    private int end(JsonToken token, int start) throws IOException {
      return switch (token) {
        case START_OBJECT, START_ARRAY -> {
          parser.skipChildren();
          yield tokenStart() + 1;
        }
        case VALUE_STRING -> endOfText(start);
        case VALUE_TRUE, VALUE_NULL -> start + 4;
        case VALUE_FALSE -> start + 5;
        default -> start + parser.getTextLength();
      };
    }

    /** Found here, as the parser would have to decode it; it passes over it by itself later. */
    private int endOfText(int start) {
      int at = start + 1;
      while (at < json.length && json[at] != '"') {
        at += json[at] == '\\' ? 2 : 1;
      }
      return Math.min(at + 1, json.length);
    }

    private int tokenStart() {
      return (int) parser.currentTokenLocation().getByteOffset();
    }
  }
}
