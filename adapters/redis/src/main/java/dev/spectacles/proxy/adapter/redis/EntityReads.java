package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.redis.CacheCalls.Command;
import dev.spectacles.proxy.application.port.out.EntityStore.Usage;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.request.Body;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RScoredSortedSetAsync;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;

/** Reads what is kept of an application, each call in one pipeline. Thread-safe. */
final class EntityReads {
  /** More than there are ids that become the same when they are rounded to a score. */
  private static final int SAME_SCORE = 1_024;

  private static final int MEASURED = 64;

  /** The client looks through all answers of a pipeline again with every part that arrives. */
  private static final int GUILDS_AT_ONCE = 32;

  /** The guild itself is the first. */
  private static final List<EntityType> MEASURED_TYPES = List.of(EntityType.values());

  private final CacheCalls calls;
  private final EntityKeys names;

  EntityReads(CacheCalls calls, String app) {
    this.calls = calls;
    this.names = new EntityKeys(app);
  }

  Optional<AppState> state() throws InterruptedException {
    List<?> found =
        calls.together(
            "Reading the bot's state",
            List.of(readAll(names.meta(), StringCodec.INSTANCE), read(names.self())));
    return BotFields.state(texts(found.get(0)), bytes(found.get(1)));
  }

  List<Long> guilds(long after, int atMost) throws InterruptedException {
    Collection<String> found =
        calls.call(
            "Listing guilds",
            client ->
                client
                    .<String>getScoredSortedSet(names.guilds(), StringCodec.INSTANCE)
                    .valueRangeAsync(
                        (double) after,
                        true,
                        Double.POSITIVE_INFINITY,
                        true,
                        0,
                        atMost + SAME_SCORE));
    if (found == null) {
      return List.of();
    }
    return found.stream()
        .map(EntityKeys::id)
        .filter(id -> id > after)
        .sorted()
        .limit(atMost)
        .toList();
  }

  List<GuildRecord> records(List<Long> guilds) throws InterruptedException {
    var commands = new ArrayList<Command>(2 * guilds.size());
    for (long guild : guilds) {
      commands.add(readAll(names.known(guild), StringCodec.INSTANCE));
      commands.add(readAll(names.burials(guild), StringCodec.INSTANCE));
    }
    Iterator<?> found = calls.together("Reading guilds", commands).iterator();
    var records = new ArrayList<GuildRecord>(guilds.size());
    while (found.hasNext()) {
      records.add(
          new GuildRecord(
              GuildFields.state(texts(found.next())), GuildFields.burials(texts(found.next()))));
    }
    return records;
  }

  List<Optional<Body>> get(List<EntityKey> keys) throws InterruptedException {
    var asked = new LinkedHashMap<String, Set<String>>();
    var strings = new HashSet<String>();
    for (EntityKey key : keys) {
      asked.computeIfAbsent(name(key), none -> new HashSet<>()).add(field(key));
      if (key.type() == EntityType.GUILD) {
        strings.add(name(key));
      }
    }
    var commands = new ArrayList<Command>(asked.size());
    asked.forEach(
        (name, fields) ->
            commands.add(
                strings.contains(name) ? read(name) : read(name, fields, StreamCommands.ENTRY)));
    Iterator<?> found = calls.together("Reading entities", commands).iterator();
    var values = new HashMap<String, Map<?, ?>>();
    asked.forEach((name, fields) -> values.put(name, fields(found.next(), fields)));
    return keys.stream()
        .map(key -> bytes(values.getOrDefault(name(key), Map.of()).get(field(key))).map(Body::of))
        .toList();
  }

  /** Of a string, a hash with its value in the only field that was asked for. */
  private static Map<?, ?> fields(@Nullable Object value, Set<String> fields) {
    return switch (value) {
      case null -> Map.of();
      case Map<?, ?> hash -> hash;
      default -> Map.of(fields.iterator().next(), value);
    };
  }

  Map<EntityType, SortedMap<Long, Body>> all(long guild, List<EntityType> types)
      throws InterruptedException {
    List<?> found = calls.atOnce("Reading all entities", readAll(guild, types));
    return entities(guild, types, found.iterator());
  }

  Map<Long, Map<EntityType, SortedMap<Long, Body>>> all(Map<Long, List<EntityType>> types)
      throws InterruptedException {
    var all = new HashMap<Long, Map<EntityType, SortedMap<Long, Body>>>();
    var asked = new LinkedHashMap<Long, List<EntityType>>();
    for (Map.Entry<Long, List<EntityType>> guild : types.entrySet()) {
      asked.put(guild.getKey(), guild.getValue());
      if (asked.size() == GUILDS_AT_ONCE) {
        all.putAll(together(asked));
        asked.clear();
      }
    }
    all.putAll(together(asked));
    return all;
  }

  private Map<Long, Map<EntityType, SortedMap<Long, Body>>> together(
      Map<Long, List<EntityType>> types) throws InterruptedException {
    if (types.isEmpty()) {
      return Map.of();
    }
    var commands = new ArrayList<Command>();
    types.forEach((guild, its) -> commands.addAll(readAll(guild, its)));
    Iterator<?> found = calls.together("Reading all entities", commands).iterator();
    var all = new HashMap<Long, Map<EntityType, SortedMap<Long, Body>>>();
    types.forEach((guild, its) -> all.put(guild, entities(guild, its, found)));
    return all;
  }

  private List<Command> readAll(long guild, List<EntityType> types) {
    var commands = new ArrayList<Command>(types.size());
    for (EntityType type : types) {
      String name = names.of(guild, type);
      commands.add(type == EntityType.GUILD ? read(name) : readAll(name, StreamCommands.ENTRY));
    }
    return commands;
  }

  private static Map<EntityType, SortedMap<Long, Body>> entities(
      long guild, List<EntityType> types, Iterator<?> found) {
    var all = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
    for (EntityType type : types) {
      var entities = new TreeMap<Long, Body>();
      fields(found.next(), Set.of(EntityKeys.id(guild)))
          .forEach((id, json) -> entities.put(EntityKeys.id((String) id), Body.of((byte[]) json)));
      all.put(type, entities);
    }
    return all;
  }

  List<OptionalLong> guildsOf(List<Long> channels) throws InterruptedException {
    var buckets = new LinkedHashMap<String, Set<String>>();
    for (long channel : channels) {
      buckets
          .computeIfAbsent(names.bucket(channel), none -> new HashSet<>())
          .add(EntityKeys.id(channel));
    }
    var commands = new ArrayList<Command>(buckets.size());
    buckets.forEach((name, fields) -> commands.add(read(name, fields, StringCodec.INSTANCE)));
    List<?> found = calls.together("Reading guilds of channels", commands);
    var guilds = new HashMap<String, String>();
    found.forEach(bucket -> guilds.putAll(texts(bucket)));
    return channels.stream()
        .map(channel -> guilds.get(EntityKeys.id(channel)))
        .map(guild -> guild == null ? OptionalLong.empty() : OptionalLong.of(EntityKeys.id(guild)))
        .toList();
  }

  /** By a sample of guilds, unless there are few. */
  Map<EntityType, Usage> usage() throws InterruptedException {
    List<?> picked =
        calls.together(
            "Looking at guilds",
            List.of(
                batch -> guilds(batch).sizeAsync(), batch -> guilds(batch).randomAsync(MEASURED)));
    int all = (Integer) picked.getFirst();
    Collection<?> sample = (Collection<?>) picked.getLast();
    List<?> found =
        calls.runAll(
            "Measuring guilds",
            Script.GUILD_USAGE,
            sample.stream().map(guild -> measure(EntityKeys.id((String) guild))).toList());
    double times = sample.isEmpty() ? 0 : (double) all / sample.size();
    var usage = new EnumMap<EntityType, Usage>(EntityType.class);
    int at = 0;
    for (EntityType type : MEASURED_TYPES) {
      usage.put(type, new Usage(sum(found, at, times), sum(found, at + 1, times)));
      at += 2;
    }
    return usage;
  }

  private Command measure(long guild) {
    var keys = new ArrayList<Object>();
    MEASURED_TYPES.forEach(type -> keys.add(names.of(guild, type)));
    return CacheCalls.evalSha(Script.GUILD_USAGE, keys);
  }

  private static long sum(List<?> found, int at, double times) {
    double sum = 0;
    for (Object guild : found) {
      sum += (Long) ((List<?>) guild).get(at);
    }
    return Math.round(sum * times);
  }

  private String name(EntityKey key) {
    return names.of(key.guild(), key.type());
  }

  /** The guild itself has none of its own. */
  private static String field(EntityKey key) {
    return EntityKeys.id(key.type() == EntityType.GUILD ? key.guild() : key.id());
  }

  private RScoredSortedSetAsync<String> guilds(RBatch batch) {
    return batch.getScoredSortedSet(names.guilds(), StringCodec.INSTANCE);
  }

  private static Command read(String string) {
    return batch -> batch.getBucket(string, ByteArrayCodec.INSTANCE).getAsync();
  }

  private static Command read(String hash, Set<String> fields, Codec codec) {
    return batch -> batch.<String, Object>getMap(hash, codec).getAllAsync(fields);
  }

  private static Command readAll(String hash, Codec codec) {
    return batch -> batch.getMap(hash, codec).readAllMapAsync();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> texts(Object hash) {
    return (Map<String, String>) hash;
  }

  private static Optional<byte[]> bytes(@Nullable Object value) {
    return Optional.ofNullable((byte[]) value);
  }
}
