package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.service.EntityPages.Page;
import dev.spectacles.proxy.application.service.KeptEntities.Feed;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.answer.Known;
import dev.spectacles.proxy.domain.entity.answer.Permissions;
import dev.spectacles.proxy.domain.entity.answer.Snowflakes;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds what is asked for below {@code /@cache}. Thread-safe. */
final class DeskPages {
  /** What came of it. */
  sealed interface Result {
    /** It is known. */
    record Shown(Page page) implements Result {}

    /** It is not known, which does not mean that Discord has none. */
    record Unknown() implements Result {}

    /** The store does not answer. */
    record Away() implements Result {}
  }

  private static final int MOST_LISTED = 1000;
  private static final int MOST_KEYS = 100;

  /** A user is looked for in as many guilds at a time, and so often. */
  private static final int GUILDS_AT_A_TIME = 500;

  private static final int TIMES = 20;

  private final KeptEntities entities;
  private final GatewayParts parts;

  DeskPages(GatewayParts parts) {
    this.entities = parts.entities();
    this.parts = parts;
  }

  /**
   * Finds it.
   *
   * @throws InvalidRequestException if the query cannot be read
   */
  Result find(ProxyRequest request, Feed feed, DeskRoute asked)
      throws InvalidRequestException, InterruptedException {
    return switch (asked.what()) {
      case GUILDS -> {
        long after = number(request, "after", 0, 0, Long.MAX_VALUE - 1);
        int limit = (int) number(request, "limit", MOST_LISTED, 1, MOST_LISTED);
        yield result(
            entities.read(from -> Optional.of(EntityPages.guilds(from, feed, after, limit))));
      }
      case GUILD -> result(entities.read(from -> EntityPages.guild(from, feed, asked.guild())));
      case ENTITIES -> {
        long after = number(request, "after", 0, 0, Long.MAX_VALUE - 1);
        int limit = (int) number(request, "limit", MOST_LISTED, 1, MOST_LISTED);
        EntityType type = asked.type().orElseThrow();
        yield result(
            entities.read(from -> EntityPages.list(from, feed, asked.guild(), type, after, limit)));
      }
      case ENTITY -> {
        var key = new EntityKey(asked.guild(), asked.type().orElseThrow(), asked.id());
        yield result(entities.read(from -> EntityPages.one(from, feed, key)));
      }
      case CHANNEL -> result(entities.read(from -> EntityPages.channel(from, feed, asked.id())));
      case USER -> user(feed, asked.id());
      case BATCH -> {
        List<EntityKey> keys = keys(request);
        yield result(entities.read(from -> Optional.of(EntityPages.batch(from, feed, keys))));
      }
      case PERMISSIONS -> {
        Optional<Long> channel =
            value(request, "channel").isPresent()
                ? Optional.of(number(request, "channel", 0, 1, Long.MAX_VALUE))
                : Optional.empty();
        yield result(entities.read(from -> permissions(from, feed, asked, channel)));
      }
      case STATS -> new Result.Unknown();
    };
  }

  /** What is held by type; {@code null} where the store does not tell. */
  Body usage() throws InterruptedException {
    Optional<Feed> feed = entities.feed();
    String name = parts.settings().store();
    return entities
        .read(from -> EntityPages.usage(from, feed, name, parts.lagMillis()))
        .orElseGet(() -> EntityPages.unknownUsage(feed, name, parts.lagMillis()));
  }

  private static Result result(Optional<Optional<Page>> read) {
    if (read.isEmpty()) {
      return new Result.Away();
    }
    return read.get().isPresent() ? new Result.Shown(read.get().get()) : new Result.Unknown();
  }

  /** In the first guild that has the user's member. */
  private Result user(Feed feed, long user) throws InterruptedException {
    if (user == feed.userId()) {
      return result(entities.read(from -> EntityPages.self(from, feed)));
    }
    long after = 0;
    for (int time = 0; time < TIMES; time++) {
      long last = after;
      Optional<List<Long>> guilds =
          entities.read(from -> from.guilds(feed.app(), last, GUILDS_AT_A_TIME));
      if (guilds.isEmpty()) {
        return new Result.Away();
      }
      if (guilds.get().isEmpty()) {
        return new Result.Unknown();
      }
      Optional<Optional<Page>> page = entities.read(from -> user(from, feed, guilds.get(), user));
      if (page.isEmpty() || page.get().isPresent()) {
        return result(page);
      }
      after = guilds.get().getLast();
    }
    return new Result.Unknown();
  }

  private Optional<Page> user(EntityStore from, Feed feed, List<Long> guilds, long user)
      throws InterruptedException {
    List<EntityKey> keys =
        guilds.stream().map(guild -> new EntityKey(guild, EntityType.MEMBER, user)).toList();
    List<Optional<Body>> members = from.get(feed.app(), keys);
    for (int i = 0; i < keys.size(); i++) {
      Optional<JsonObject> found =
          members.get(i).flatMap(this::parsed).flatMap(member -> member.object("user"));
      if (found.isPresent()) {
        GuildState state = state(from, feed, keys.get(i).guild());
        return Optional.of(Page.of(Body.of(found.get().bytes()), state));
      }
    }
    return Optional.empty();
  }

  private Optional<Page> permissions(
      EntityStore from, Feed feed, DeskRoute asked, Optional<Long> channelId)
      throws InterruptedException {
    long guild = asked.guild();
    GuildState state = state(from, feed, guild);
    var bodies =
        new EnumMap<EntityType, SortedMap<Long, Body>>(
            from.all(feed.app(), guild, List.of(EntityType.GUILD, EntityType.ROLE)));
    var key = new EntityKey(guild, EntityType.MEMBER, asked.id());
    Optional<Body> member = from.get(feed.app(), List.of(key)).getFirst();
    Optional<JsonObject> channel =
        channelId.isPresent() ? overwriting(from, feed, guild, channelId.get()) : Optional.empty();
    if (member.isEmpty() || channel.isPresent() != channelId.isPresent()) {
      return Optional.empty();
    }
    bodies.put(EntityType.MEMBER, new TreeMap<>(Map.of(asked.id(), member.get())));
    try {
      var known = new Known(guild, feed.userId(), state, entities.parsed(bodies));
      Optional<BigInteger> bits =
          Permissions.of(known, asked.id(), channel, parts.clock().wallTime());
      return bits.map(any -> Page.of(Body.of("{\"permissions\":\"%s\"}".formatted(any)), state));
    } catch (InvalidEventException e) {
      return Optional.empty();
    }
  }

  /** The channel whose overwrites count: a thread has those of the channel that it is in. */
  private Optional<JsonObject> overwriting(EntityStore from, Feed feed, long guild, long id)
      throws InterruptedException {
    List<Optional<Body>> found =
        from.get(
            feed.app(),
            List.of(
                new EntityKey(guild, EntityType.CHANNEL, id),
                new EntityKey(guild, EntityType.THREAD, id)));
    if (found.getFirst().isPresent()) {
      return parsed(found.getFirst().get());
    }
    Optional<JsonObject> thread = found.getLast().flatMap(this::parsed);
    OptionalLong parent = thread.map(any -> any.id("parent_id")).orElse(OptionalLong.empty());
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    var key = new EntityKey(guild, EntityType.CHANNEL, parent.getAsLong());
    return from.get(feed.app(), List.of(key)).getFirst().flatMap(this::parsed);
  }

  private static GuildState state(EntityStore from, Feed feed, long guild)
      throws InterruptedException {
    return from.records(feed.app(), List.of(guild)).getFirst().state();
  }

  /** What cannot be read is not known. */
  private Optional<JsonObject> parsed(Body json) {
    try {
      return Optional.of(entities.parsed(json));
    } catch (InvalidEventException e) {
      return Optional.empty();
    }
  }

  private static List<EntityKey> keys(ProxyRequest request) throws InvalidRequestException {
    var keys = new ArrayList<EntityKey>();
    for (QueryParameter parameter : request.query()) {
      if (parameter.name().equals("k")) {
        for (String key : parameter.value().split(",", -1)) {
          keys.add(key(key));
        }
      }
    }
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw invalid("k: %d keys (expected: 1 to %d)".formatted(keys.size(), MOST_KEYS));
    }
    return keys;
  }

  private static EntityKey key(String text) throws InvalidRequestException {
    String[] parts = text.split(":", -1);
    if (parts.length == 3) {
      OptionalLong guild = Snowflakes.parse(parts[0]);
      Optional<EntityType> type = DeskRoute.type(parts[1]);
      OptionalLong id = Snowflakes.parse(parts[2]);
      if (guild.isPresent() && type.isPresent() && id.isPresent()) {
        return new EntityKey(guild.getAsLong(), type.get(), id.getAsLong());
      }
    }
    throw invalid("k: a key that is none (expected: guild:type:id, such as 1:roles:2)");
  }

  private static long number(
      ProxyRequest request, String name, long otherwise, long least, long most)
      throws InvalidRequestException {
    Optional<String> value = value(request, name);
    if (value.isEmpty()) {
      return otherwise;
    }
    OptionalLong number = Snowflakes.parse(value.get());
    if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
      throw invalid("%s: what is no such number (expected: %d to %d)".formatted(name, least, most));
    }
    return number.getAsLong();
  }

  private static Optional<String> value(ProxyRequest request, String name) {
    return request.query().stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(QueryParameter::value)
        .findFirst();
  }

  private static InvalidRequestException invalid(String what) {
    return new InvalidRequestException(ResponseStatus.INVALID_QUERY, "query: " + what);
  }
}
