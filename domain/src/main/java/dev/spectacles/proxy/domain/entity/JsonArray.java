package dev.spectacles.proxy.domain.entity;

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
    return JsonBytes.of(this);
  }

  /** Never the values, which may be somebody's. */
  @Override
  public String toString() {
    return "JsonArray[" + items.size() + " items]";
  }
}
