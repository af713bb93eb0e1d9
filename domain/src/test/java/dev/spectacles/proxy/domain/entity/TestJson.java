package dev.spectacles.proxy.domain.entity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;

/** Reads JSON without escapes, for tests; <code>'</code> stands for <code>"</code>. */
final class TestJson {
  private final byte[] json;
  private int at;

  private TestJson(String json) {
    this.json = json.replace('\'', '"').getBytes(UTF_8);
  }

  static JsonObject object(String json) {
    var source = new TestJson(json);
    return (JsonObject) source.value();
  }

  static GatewayEvent event(String name, long millis, String json) {
    return new GatewayEvent(name, object(json), millis);
  }

  private Json value() {
    skipSpace();
    return switch (json[at]) {
      case '{' -> members();
      case '[' -> items();
      default -> scalar();
    };
  }

  private JsonObject members() {
    int from = at;
    var members = new LinkedHashMap<String, Json>();
    at++;
    while (next() != '}') {
      String name = ((JsonScalar) value()).text().orElseThrow();
      expect(':');
      members.put(name, value());
      skipComma();
    }
    at++;
    return JsonObject.of(members, json, from, at);
  }

  private JsonArray items() {
    var items = new ArrayList<Json>();
    at++;
    while (next() != ']') {
      items.add(value());
      skipComma();
    }
    at++;
    return new JsonArray(items);
  }

  private JsonScalar scalar() {
    int from = at;
    if (json[at] == '"') {
      do {
        at++;
      } while (json[at] != '"');
      at++;
    } else {
      while (",]} ".indexOf(json[at]) < 0) {
        at++;
      }
    }
    return JsonScalar.ofRaw(json, from, at);
  }

  private void expect(char c) {
    if (next() != c) {
      throw new AssertionError("%c at %d: %s".formatted(c, at, new String(json, UTF_8)));
    }
    at++;
  }

  private void skipComma() {
    if (next() == ',') {
      at++;
    }
  }

  private byte next() {
    skipSpace();
    return json[at];
  }

  private void skipSpace() {
    while (json[at] == ' ') {
      at++;
    }
  }
}
