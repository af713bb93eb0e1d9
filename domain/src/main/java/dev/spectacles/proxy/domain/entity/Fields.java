package dev.spectacles.proxy.domain.entity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ids and lists of events; what Discord always gives is demanded. */
final class Fields {
  static final String GUILD_ID = "guild_id";

  private Fields() {}

  /** Snowflake of such a member. */
  static long id(GatewayEvent event, JsonObject of, String name) throws InvalidEventException {
    OptionalLong id = of.id(name);
    if (id.isEmpty()) {
      throw lacks(event, name);
    }
    return id.getAsLong();
  }

  /** Snowflake in the event's data. */
  static long id(GatewayEvent event, String name) throws InvalidEventException {
    return id(event, event.data(), name);
  }

  /** The guild that the event is of. */
  static long guild(GatewayEvent event) throws InvalidEventException {
    return id(event, GUILD_ID);
  }

  /** Whether it is of no guild, but of a private channel. */
  static boolean isPrivate(GatewayEvent event) {
    return event.data().get(GUILD_ID).isEmpty();
  }

  /** Id of the object's {@code user}. */
  static long user(GatewayEvent event, JsonObject of) throws InvalidEventException {
    return id(event, object(event, of, "user"), "id");
  }

  static JsonObject object(GatewayEvent event, JsonObject of, String name)
      throws InvalidEventException {
    Optional<JsonObject> object = of.object(name);
    if (object.isEmpty()) {
      throw lacks(event, name);
    }
    return object.get();
  }

  /** Whether there is such a list, be it empty. */
  static boolean hasList(JsonObject of, String name) {
    return of.get(name).filter(JsonArray.class::isInstance).isPresent();
  }

  /** Objects of a list by their ids. */
  static SortedMap<Long, JsonObject> byId(GatewayEvent event, String list, String key)
      throws InvalidEventException {
    var byId = new TreeMap<Long, JsonObject>();
    for (JsonObject item : event.data().objects(list)) {
      byId.put(id(event, item, key), item);
    }
    return byId;
  }

  /** Objects of a list by the ids of their users. */
  static SortedMap<Long, JsonObject> byUser(GatewayEvent event, String list)
      throws InvalidEventException {
    var byUser = new TreeMap<Long, JsonObject>();
    for (JsonObject item : event.data().objects(list)) {
      byUser.put(user(event, item), item);
    }
    return byUser;
  }

  /** Snowflakes of a list of them. */
  static List<Long> ids(GatewayEvent event, String list) throws InvalidEventException {
    var ids = new ArrayList<Long>();
    if (event.data().get(list).orElse(JsonScalar.NULL) instanceof JsonArray array) {
      for (Json item : array.items()) {
        var holder = JsonObject.EMPTY.with(list, item);
        ids.add(id(event, holder, list));
      }
    }
    return ids;
  }

  /** The same with the guild's id, where it lacks it. */
  static JsonObject withGuild(JsonObject entity, long guild) {
    return entity.id(GUILD_ID).isPresent() ? entity : entity.with(GUILD_ID, JsonScalar.ofId(guild));
  }

  /** The same with these members of the older one, where it lacks them. */
  static JsonObject keeping(JsonObject newer, Optional<JsonObject> older, List<String> names) {
    JsonObject kept = newer;
    for (String name : names) {
      Optional<Json> value = older.flatMap(at -> at.get(name));
      if (value.isPresent() && !newer.has(name)) {
        kept = kept.with(name, value.get());
      }
    }
    return kept;
  }

  private static InvalidEventException lacks(GatewayEvent event, String name) {
    return new InvalidEventException("%s: no %s that can be read".formatted(event.name(), name));
  }
}
