package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.id;

import java.util.ArrayList;
import java.util.List;

/** The bot itself and its shards. Neither a session's id nor its address is taken over. */
final class SessionRules {
  private SessionRules() {}

  static Effect ready(GatewayEvent event, Kept kept) throws InvalidEventException {
    JsonObject self = Fields.object(event, event.data(), "user");
    JsonObject application = Fields.object(event, event.data(), "application");
    var guilds = new ArrayList<Long>();
    for (JsonObject guild : event.data().objects("guilds")) {
      guilds.add(id(event, guild, "id"));
    }
    // A bot without shards is one shard.
    List<Long> shard = event.data().has("shard") ? Fields.ids(event, "shard") : List.of(0L, 1L);
    if (shard.size() != 2
        || shard.get(0) < 0
        || shard.get(0) >= shard.get(1)
        || shard.get(1) > Integer.MAX_VALUE) {
      throw new InvalidEventException("READY: no shard (expected: its number and how many)");
    }
    return new Effect.Ready(
        Long.toUnsignedString(id(event, application, "id")),
        self,
        id(event, self, "id"),
        shard.get(0).intValue(),
        shard.get(1).intValue(),
        guilds);
  }

  static Effect selfUpdated(GatewayEvent event, Kept kept) throws InvalidEventException {
    id(event, "id");
    return new Effect.OnSelf(event.data());
  }
}
