package dev.spectacles.proxy.domain.entity;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON object. What was only read, or added to, keeps its bytes, spaces and all; what was changed
 * is put together from the bytes of its members.
 */
public final class JsonObject implements Json {
  /** Object without members. */
  public static final JsonObject EMPTY = of(new LinkedHashMap<>());

  private final SequencedMap<String, Json> members;

  /** The whole as it was read, with what was added; none for what was put together. */
  private final @Nullable JsonScalar read;

  private JsonObject(SequencedMap<String, Json> members, @Nullable JsonScalar read) {
    this.members = Collections.unmodifiableSequencedMap(members);
    this.read = read;
  }

  /** Object of these members, in their order; the map is not changed by anybody from now on. */
  public static JsonObject of(SequencedMap<String, Json> members) {
    return new JsonObject(members, null);
  }

  /**
   * Object as it was read in part of a document; neither the map nor the array is changed by
   * anybody from now on.
   */
  public static JsonObject of(SequencedMap<String, Json> members, byte[] source, int from, int to) {
    return new JsonObject(members, JsonScalar.ofRaw(source, from, to));
  }

  /** Members by name, in their order. */
  public SequencedMap<String, Json> members() {
    return members;
  }

  /** Whether there is such a member, be it {@code null}. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** Such a member, be it JSON's {@code null}. */
  public Optional<Json> get(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** Text of such a member; empty if it is none, or has escapes, which no id has. */
  public Optional<String> text(String name) {
    return members.get(name) instanceof JsonScalar scalar ? scalar.text() : Optional.empty();
  }

  /** Snowflake of such a member, be it written as text or as a number; empty if it is none. */
  public OptionalLong id(String name) {
    if (!(members.get(name) instanceof JsonScalar scalar)) {
      return OptionalLong.empty();
    }
    String digits = scalar.text().orElseGet(scalar::raw);
    try {
      return OptionalLong.of(Long.parseUnsignedLong(digits));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Whole number of such a member; empty if it is none. */
  public OptionalLong number(String name) {
    if (!(members.get(name) instanceof JsonScalar scalar)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(scalar.raw()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Whether such a member is {@code true}. */
  public boolean isTrue(String name) {
    return members.get(name) instanceof JsonScalar scalar && scalar.is("true");
  }

  /** Object that such a member is. */
  public Optional<JsonObject> object(String name) {
    return members.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
  }

  /** Objects of the array that such a member is; none if it is no array. */
  public List<JsonObject> objects(String name) {
    return members.get(name) instanceof JsonArray array ? array.objects() : List.of();
  }

  /** The same with this member, where it was or at the end. */
  public JsonObject with(String name, Json value) {
    var changed = new LinkedHashMap<>(members);
    boolean isNew = changed.put(name, value) == null;
    return isNew && read != null && !members.isEmpty()
        ? new JsonObject(changed, JsonBytes.append(read, name, value))
        : of(changed);
  }

  /** The same without these members; itself if it has none of them. */
  public JsonObject without(Collection<String> names) {
    if (names.stream().noneMatch(members::containsKey)) {
      return this;
    }
    var changed = new LinkedHashMap<>(members);
    changed.keySet().removeAll(names);
    return of(changed);
  }

  /** The same with all members of the other, {@code null}s too, in place of its own. */
  public JsonObject mergedWith(JsonObject newer) {
    var changed = new LinkedHashMap<>(members);
    changed.putAll(newer.members);
    return of(changed);
  }

  /** The whole as it was read, with what was added; empty for what was put together. */
  Optional<JsonScalar> read() {
    return Optional.ofNullable(read);
  }

  @Override
  public byte[] bytes() {
    return read == null ? JsonBytes.of(this) : read.bytes();
  }

  /** Whether it has equal members, in whatever order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject object && members.equals(object.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** Never the values, which may be somebody's. */
  @Override
  public String toString() {
    return "JsonObject" + members.keySet();
  }
}
