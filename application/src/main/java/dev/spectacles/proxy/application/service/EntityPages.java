package dev.spectacles.proxy.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.service.KeptEntities.Feed;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.StringJoiner;

/**
 * What is kept, as Discord's raw objects and with what Discord's own API does not show. Each method
 * is one read of the store; empty is what is not known.
 */
final class EntityPages {
  /**
   * What is shown.
   *
   * @param standing the worst of the guilds that it is about
   * @param eventMillis when the guild of them was told of last that this is longest ago of; 0 if
   *     none was yet
   */
  record Page(Body body, Standing standing, long eventMillis) {
    static Page of(Body body, GuildState state) {
      return new Page(body, state.standing(), state.eventMillis());
    }
  }

  private EntityPages() {}

  /** Ids and standings of guilds. */
  static Page guilds(EntityStore from, Feed feed, long after, int limit)
      throws InterruptedException {
    List<Long> guilds = from.guilds(feed.app(), after, limit);
    List<GuildState> states = states(from, feed, guilds);
    var all = new StringJoiner(",", "[", "]");
    for (int i = 0; i < guilds.size(); i++) {
      all.add(
          "{\"id\":\"%s\",\"state\":\"%s\"}"
              .formatted(guilds.get(i), name(states.get(i).standing())));
    }
    return over(Body.of(all.toString()), states);
  }

  /** The guild and how much is known of it. */
  static Optional<Page> guild(EntityStore from, Feed feed, long guild) throws InterruptedException {
    GuildState state = states(from, feed, List.of(guild)).getFirst();
    var key = new EntityKey(guild, EntityType.GUILD, guild);
    Optional<Body> entity = from.get(feed.app(), List.of(key)).getFirst();
    if (!isKnown(state)) {
      return Optional.empty();
    }
    var counts = new StringJoiner(",", "{", "}");
    state.counts().forEach((type, count) -> counts.add("\"%s\":%d".formatted(type.key(), count)));
    String told =
        ",\"state\":{\"standing\":\"%s\",\"synced_ms\":%d,\"event_ms\":%d,\"members_complete\":%b,\"guild_complete\":%b,\"counts\":%s}}"
            .formatted(
                name(state.standing()),
                state.syncedMillis(),
                state.eventMillis(),
                state.membersComplete(),
                state.guildComplete(),
                counts);
    var whole = new ByteArrayOutputStream();
    whole.writeBytes("{\"guild\":".getBytes(UTF_8));
    whole.writeBytes(entity.map(Body::bytes).orElseGet(() -> "null".getBytes(UTF_8)));
    whole.writeBytes(told.getBytes(UTF_8));
    return Optional.of(Page.of(Body.of(whole.toByteArray()), state));
  }

  /** Entities of one type, by ascending id; none is known to be so, or it is not known. */
  static Optional<Page> list(
      EntityStore from, Feed feed, long guild, EntityType type, long after, int limit)
      throws InterruptedException {
    GuildState state = states(from, feed, List.of(guild)).getFirst();
    Map<EntityType, SortedMap<Long, Body>> all = from.all(feed.app(), guild, List.of(type));
    SortedMap<Long, Body> entities = all.getOrDefault(type, Collections.emptySortedMap());
    boolean told = state.counts().containsKey(type);
    if (entities.isEmpty() && (!told || state.count(type) > 0)) {
      return Optional.empty();
    }
    List<Body> shown = entities.tailMap(after + 1).values().stream().limit(limit).toList();
    return Optional.of(Page.of(array(shown), state));
  }

  /** One entity. */
  static Optional<Page> one(EntityStore from, Feed feed, EntityKey key)
      throws InterruptedException {
    Optional<Body> entity = from.get(feed.app(), List.of(key)).getFirst();
    if (entity.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Page.of(entity.get(), states(from, feed, List.of(key.guild())).getFirst()));
  }

  /** Channel or thread, wherever it is. */
  static Optional<Page> channel(EntityStore from, Feed feed, long channel)
      throws InterruptedException {
    OptionalLong guild = from.guildsOf(feed.app(), List.of(channel)).getFirst();
    if (guild.isEmpty()) {
      return Optional.empty();
    }
    Optional<Page> plain =
        one(from, feed, new EntityKey(guild.getAsLong(), EntityType.CHANNEL, channel));
    return plain.isPresent()
        ? plain
        : one(from, feed, new EntityKey(guild.getAsLong(), EntityType.THREAD, channel));
  }

  /** Entities by their keys, in their order; {@code null} for what is not known. */
  static Page batch(EntityStore from, Feed feed, List<EntityKey> keys) throws InterruptedException {
    List<Optional<Body>> entities = from.get(feed.app(), keys);
    List<Long> guilds = keys.stream().map(EntityKey::guild).distinct().toList();
    Body absent = Body.of("null");
    return over(
        array(entities.stream().map(each -> each.orElse(absent)).toList()),
        states(from, feed, guilds));
  }

  /** The bot's own user. */
  static Optional<Page> self(EntityStore from, Feed feed) throws InterruptedException {
    return from.appState(feed.app()).map(EntityPages::self);
  }

  private static Page self(AppState app) {
    return new Page(app.self(), Standing.AVAILABLE, app.caughtUpMillis());
  }

  /**
   * What is held by type.
   *
   * @param name of the store
   */
  static Body usage(EntityStore from, Optional<Feed> feed, String name, long lagMillis)
      throws InterruptedException {
    var types = new StringJoiner(",", "{", "}");
    if (feed.isPresent()) {
      from.usage(feed.get().app())
          .forEach(
              (type, usage) ->
                  types.add(
                      "\"%s\":{\"entities\":%d,\"bytes\":%d}"
                          .formatted(type.key(), usage.entities(), usage.bytes())));
    }
    return usage(feed, name, lagMillis, types.toString());
  }

  /** The same of a store that does not answer. */
  static Body unknownUsage(Optional<Feed> feed, String name, long lagMillis) {
    String missing = "null,\"missing\":\"types: the store does not answer\"";
    return usage(feed, name, lagMillis, missing);
  }

  private static Body usage(Optional<Feed> feed, String name, long lagMillis, String types) {
    String app = feed.map(each -> "\"" + each.app() + "\"").orElse("null");
    return Body.of(
        "{\"store\":\"%s\",\"app\":%s,\"lag_ms\":%d,\"types\":%s}"
            .formatted(name, app, lagMillis, types));
  }

  static String name(Standing standing) {
    return standing.name().toLowerCase(Locale.ROOT);
  }

  private static List<GuildState> states(EntityStore from, Feed feed, List<Long> guilds)
      throws InterruptedException {
    var states = new ArrayList<GuildState>(guilds.size());
    from.records(feed.app(), guilds).forEach(each -> states.add(each.state()));
    return states;
  }

  /** Whether anything is known of a guild. */
  static boolean isKnown(EntityStore from, Feed feed, long guild) throws InterruptedException {
    return isKnown(states(from, feed, List.of(guild)).getFirst());
  }

  private static boolean isKnown(GuildState state) {
    return !state.equals(GuildState.UNKNOWN);
  }

  private static Page over(Body body, Collection<GuildState> states) {
    Standing worst =
        states.stream()
            .map(GuildState::standing)
            .max(Comparator.naturalOrder())
            .orElse(Standing.AVAILABLE);
    long oldest =
        states.stream().mapToLong(GuildState::eventMillis).filter(at -> at > 0).min().orElse(0);
    return new Page(body, worst, oldest);
  }

  private static Body array(List<Body> entities) {
    var array = new ByteArrayOutputStream();
    array.write('[');
    for (int i = 0; i < entities.size(); i++) {
      if (i > 0) {
        array.write(',');
      }
      array.writeBytes(entities.get(i).bytes());
    }
    array.write(']');
    return Body.of(array.toByteArray());
  }
}
