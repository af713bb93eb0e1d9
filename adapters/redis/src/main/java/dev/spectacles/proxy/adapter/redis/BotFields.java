package dev.spectacles.proxy.adapter.redis;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.request.Body;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is known of a bot as a whole, as fields of a hash that any program can read. */
final class BotFields {
  private static final String USER = "user_id";
  private static final String SHARDS = "shards";
  private static final String CAUGHT_UP = "caught_up_ms";

  private static final String TYPES = "types";

  private BotFields() {}

  static Map<String, String> of(AppState state, long leader) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("schema", EntityKeys.SCHEMA);
    fields.put("encoding", "json");
    fields.put("buckets", Integer.toString(EntityKeys.BUCKETS));
    fields.put("leader", Long.toString(leader));
    fields.put(USER, EntityKeys.id(state.userId()));
    fields.put(SHARDS, Integer.toString(state.shards()));
    fields.put(CAUGHT_UP, Long.toString(state.caughtUpMillis()));
    fields.put(TYPES, state.types().stream().map(EntityType::key).sorted().collect(joining(",")));
    return fields;
  }

  /** The other way round; empty if not all of it is there. */
  static Optional<AppState> state(Map<String, String> fields, Optional<byte[]> self) {
    String user = fields.get(USER);
    String shards = fields.get(SHARDS);
    String event = fields.get(CAUGHT_UP);
    if (user == null || shards == null || event == null) {
      return Optional.empty();
    }
    return self.map(
        json ->
            new AppState(
                Body.of(json),
                EntityKeys.id(user),
                Integer.parseInt(shards),
                Long.parseLong(event),
                types(fields.getOrDefault(TYPES, ""))));
  }

  /** Names of later versions are left out. */
  private static Set<EntityType> types(String keys) {
    return Stream.of(keys.split(","))
        .flatMap(key -> EntityType.ofKey(key).stream())
        .collect(toUnmodifiableSet());
  }
}
