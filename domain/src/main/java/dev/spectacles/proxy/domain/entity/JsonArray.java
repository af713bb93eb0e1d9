package dev.spectacles.proxy.domain.entity;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Values in their order. */
public record JsonArray(List<Json> items) implements Json {
  public JsonArray {
    items = List.copyOf(items);
  }

  /** Those items that are objects. */
  public List<JsonObject> objects() {
    return items.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList();
  }

  @Override
  public byte[] bytes() {
    var out = new ByteArrayOutputStream();
    out.write('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(items.get(i).bytes());
    }
    out.write(']');
    return out.toByteArray();
  }

  /** Never the values, which may be somebody's. */
  @Override
  public String toString() {
    return "JsonArray[" + items.size() + " items]";
  }
}
