package dev.spectacles.proxy.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** Reads JSON without spaces, in ASCII, that is not wrong. */
final class TinyJsonReader implements JsonReader {
  @Override
  public JsonObject read(byte[] json) throws InvalidEventException {
    if (json.length == 0 || json[0] != '{') {
      throw new InvalidEventException("no JSON object");
    }
    return (JsonObject) new Cursor(json).value();
  }

  private static final class Cursor {
    private final byte[] json;
    private int at;

    Cursor(byte[] json) {
      this.json = json;
    }

    Json value() {
      int from = at;
      switch (json[at]) {
        case '{' -> {
          var members = new LinkedHashMap<String, Json>();
          at++;
          while (json[at] != '}') {
            int start = at + 1;
            skipText();
            String name = new String(json, start, at - 1 - start, UTF_8);
            at++;
            members.put(name, value());
            at += json[at] == ',' ? 1 : 0;
          }
          at++;
          return JsonObject.of(members, json, from, at);
        }
        case '[' -> {
          var items = new ArrayList<Json>();
          at++;
          while (json[at] != ']') {
            items.add(value());
            at += json[at] == ',' ? 1 : 0;
          }
          at++;
          return new JsonArray(items);
        }
        case '"' -> skipText();
        default -> {
          while (at < json.length && ",]}".indexOf(json[at]) < 0) {
            at++;
          }
        }
      }
      return JsonScalar.ofRaw(json, from, at);
    }

    private void skipText() {
      at++;
      while (json[at] != '"') {
        at += json[at] == '\\' ? 2 : 1;
      }
      at++;
    }
  }
}
