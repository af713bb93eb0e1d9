package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Changes of one guild as keys and arguments of {@link Script#APPLY_GUILD}, and what follows from
 * them for the keys that are not the guild's own.
 */
final class GuildScript {
  /** Types by whose ids a guild is looked up. */
  private static final List<EntityType> INDEXED = List.of(EntityType.CHANNEL, EntityType.THREAD);

  /**
   * Burials are forgotten when a guild is told of later: this long after the last one, none of
   * before comes any more, however far behind the events are.
   */
  private static final Duration LEFT_ALONE = Duration.ofDays(1);

  private static final int KNOWN = 1;
  private static final int BURIALS = 2;
  private static final int GUILD = 3;

  /** Bytes for the id of an entity, and for its guild in the index. */
  private static final int PER_ENTITY = 80;

  private static final int HEADROOM = 2_048;
  private static final long MOST_ROOM = 8L << 20;

  private final EntityKeys names;
  private final long guild;
  private final boolean oneNode;
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final Packed packed;
  private final int steps;
  private final StringBuilder notice = new StringBuilder();
  private final Map<Long, Boolean> channels = new HashMap<>();
  private Optional<Boolean> listed = Optional.empty();
  private boolean puts;
  private int count;

  /** The last step, as long as another change may go on with it. */
  private String last = "";

  private int lastArray;
  private int lastCount;

  private GuildScript(EntityKeys names, long guild, boolean oneNode, int entityBytes) {
    this.packed = new Packed(entityBytes + HEADROOM);
    this.steps = packed.array();
    this.names = names;
    this.guild = guild;
    this.oneNode = oneNode;
    place(names.known(guild));
    place(names.burials(guild));
    place(names.of(guild, EntityType.GUILD));
  }

  /**
   * Script for these changes; what comes before the last drop leaves no trace.
   *
   * @param oneNode whether one node has the keys of all guilds
   */
  static GuildScript of(EntityKeys names, GuildChanges changes, boolean oneNode) {
    List<Change> all = changes.changes();
    var script = new GuildScript(names, changes.guild(), oneNode, entityBytes(all));
    int drop = all.lastIndexOf(new Change.Drop());
    all.subList(Math.max(drop, 0), all.size()).forEach(script::add);
    script.index();
    return script;
  }

  long guild() {
    return guild;
  }

  /** Whether it does nothing. */
  boolean isEmpty() {
    return count == 0;
  }

  /** About how many bytes it has. */
  int bytes() {
    return packed.size();
  }

  /** All keys but the last one. */
  List<Object> keys() {
    return new ArrayList<>(places.keySet());
  }

  Object[] arguments(long leader, long write) {
    packed.count(steps, count);
    return new Object[] {
      text(leader),
      text(write),
      text(oneNode ? 1 : 0),
      text(puts ? 1 : 0),
      text(guild),
      text(names.notices()),
      text(notice.toString()),
      packed.bytes(),
      text(names.buckets()),
      text(EntityKeys.BUCKETS)
    };
  }

  /** Channels and threads that are there, or not there, afterwards. */
  Map<Long, Boolean> channels() {
    return channels;
  }

  /** Whether the guild is listed afterwards; empty if that stays as it is. */
  Optional<Boolean> listed() {
    return listed;
  }

  /** About what entities take in it, each with its id, so that it need not grow by copies. */
  private static int entityBytes(List<Change> changes) {
    long bytes = 0;
    for (Change change : changes) {
      bytes +=
          switch (change) {
            case Change.Put put -> PER_ENTITY + put.json().size();
            case Change.ReplaceAll all ->
                all.entities().values().stream().mapToLong(json -> PER_ENTITY + json.size()).sum();
            default -> 0;
          };
    }
    return (int) Math.min(bytes, MOST_ROOM);
  }

  private void add(Change change) {
    switch (change) {
      case Change.Put(EntityType type, long id, Body json) -> put(type, id, json);
      case Change.Remove(EntityType type, long id) -> remove(type, id);
      case Change.ReplaceAll(EntityType type, SortedMap<Long, Body> all) -> replace(type, all);
      case Change.Bury(Burial burial, long until) -> bury(burial, until);
      case Change.Unbury(Burial burial) -> unbury(burial);
      case Change.Limit(EntityType type, Duration life) -> limit(type, life);
      case Change.Note(GuildState state) -> note(state);
      case Change.Drop() -> drop();
    }
  }

  private void put(EntityType type, long id, Body json) {
    if (type == EntityType.GUILD) {
      step("set", GUILD);
    } else {
      goOn("put", place(type));
      argument(id(id));
    }
    argument(json.bytes());
    isThere(type, id, true);
    tell(type.key(), EntityKeys.id(id), "put");
    puts = true;
    listed = Optional.of(true);
  }

  private void remove(EntityType type, long id) {
    if (type == EntityType.GUILD) {
      step("unset", GUILD);
    } else {
      goOn(oneNode && INDEXED.contains(type) ? "forget" : "remove", place(type));
      argument(id(id));
    }
    isThere(type, id, false);
    tell(type.key(), EntityKeys.id(id), "remove");
  }

  private void replace(EntityType type, SortedMap<Long, Body> all) {
    if (type == EntityType.GUILD) {
      remove(type, guild);
      all.values().forEach(json -> put(type, guild, json));
      return;
    }
    step(INDEXED.contains(type) ? "exchange" : "replace", place(type));
    all.forEach(
        (id, json) -> {
          argument(id(id));
          argument(json.bytes());
          isThere(type, id, true);
        });
    tell(type.key(), "*", "replace");
    puts |= !all.isEmpty();
    listed = Optional.of(true);
  }

  private void bury(Burial burial, long untilMillis) {
    if (!last.equals("bury" + BURIALS)) {
      step("bury", BURIALS);
      argument(text(LEFT_ALONE.toMillis()));
    }
    argument(text(GuildFields.of(burial)));
    argument(text(untilMillis));
  }

  private void unbury(Burial burial) {
    goOn("remove", BURIALS);
    argument(text(GuildFields.of(burial)));
  }

  private void limit(EntityType type, Duration life) {
    step("limit", place(type));
    argument(text(Math.max(1, life.toMillis())));
  }

  private void note(GuildState state) {
    step("note", KNOWN);
    GuildFields.of(state)
        .forEach(
            (field, value) -> {
              argument(text(field));
              argument(text(value));
            });
    tell("meta", "*", "put");
    listed = Optional.of(true);
  }

  private void drop() {
    step("drop", KNOWN);
    number(INDEXED.size());
    INDEXED.forEach(type -> number(place(type)));
    number(KNOWN);
    number(BURIALS);
    for (EntityType type : EntityType.values()) {
      if (!INDEXED.contains(type)) {
        number(place(type));
      }
    }
    tell("*", "*", "drop");
    listed = Optional.of(false);
  }

  /** Adds the guild of its channels, where that is possible in one step with the channels. */
  private void index() {
    if (!oneNode || !channels.containsValue(true)) {
      return;
    }
    step("index", KNOWN);
    channels.forEach(
        (channel, there) -> {
          if (there) {
            argument(id(channel));
            number(place(names.bucket(channel)));
          }
        });
  }

  private int place(EntityType type) {
    return place(names.of(guild, type));
  }

  private int place(String key) {
    return places.computeIfAbsent(key, missing -> places.size() + 1);
  }

  private void isThere(EntityType type, long id, boolean there) {
    if (INDEXED.contains(type)) {
      channels.put(id, there);
    }
  }

  private void step(String what, int place) {
    lastArray = packed.array();
    lastCount = 0;
    last = what + place;
    count++;
    argument(text(what));
    number(place);
  }

  /** Begins a step, or goes on with the last one where that does the same. */
  private void goOn(String what, int place) {
    if (!last.equals(what + place)) {
      step(what, place);
    }
  }

  private void argument(byte[] argument) {
    packed.text(argument);
    packed.count(lastArray, ++lastCount);
  }

  private void number(int argument) {
    packed.number(argument);
    packed.count(lastArray, ++lastCount);
  }

  private void tell(String type, String id, String what) {
    if (!notice.isEmpty()) {
      notice.append('\n');
    }
    notice.append(EntityKeys.id(guild)).append(' ').append(type).append(' ').append(id);
    notice.append(' ').append(what);
  }

  private static byte[] id(long id) {
    return text(EntityKeys.id(id));
  }

  private static byte[] text(long number) {
    return text(Long.toString(number));
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }
}
