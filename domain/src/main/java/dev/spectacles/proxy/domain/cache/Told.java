package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.route.JsonKeys;
import dev.spectacles.proxy.domain.route.Snowflake;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the answer to a write tells of what was written: where its path does not name the guild. */
record Told(Map<String, String> fields) {
  /** Of an answer that did not come. */
  static final Told NOTHING = new Told(Map.of());

  private static final Set<String> FIELDS =
      Set.of("id", "guild_id", "channel_id", "parent_id", "position", "recipients");

  Told {
    fields = Map.copyOf(fields);
  }

  static Told by(Body body) {
    return body.isEmpty() ? NOTHING : new Told(JsonKeys.values(body.utf8(), FIELDS));
  }

  boolean has(String field) {
    return fields.containsKey(field);
  }

  /** The id in this field, if there is one. */
  Optional<String> id(String field) {
    return Optional.ofNullable(fields.get(field)).filter(Snowflake::isDigits);
  }

  /** Whether it is certain that there is none: only a private channel has recipients. */
  boolean hasNo(String field) {
    String value = fields.get(field);
    return value == null ? has("recipients") && !field.equals("id") : value.equals("null");
  }
}
