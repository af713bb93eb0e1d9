package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.Body;
import java.util.ArrayList;
import java.util.EnumMap;
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

  private static final int KNOWN = 1;
  private static final int BURIALS = 2;
  private static final int GUILD = 3;

  private final EntityKeys names;
  private final long guild;
  private final long nowMillis;
  private final List<Object> keys = new ArrayList<>();
  private final Map<EntityType, Integer> places = new EnumMap<>(EntityType.class);
  private final List<Object> steps = new ArrayList<>();
  private final StringBuilder notice = new StringBuilder();
  private final Map<Long, Boolean> channels = new LinkedHashMap<>();
  private Optional<Boolean> listed = Optional.empty();
  private boolean puts;
  private long bytes;

  /** Step that the last one continues; its arguments are counted at this place. */
  private String last = "";

  private int counted;
  private int count;

  private GuildScript(EntityKeys names, long guild, long nowMillis) {
    this.names = names;
    this.guild = guild;
    this.nowMillis = nowMillis;
    keys.add(names.known(guild));
    keys.add(names.burials(guild));
    keys.add(names.of(guild, EntityType.GUILD));
    places.put(EntityType.GUILD, GUILD);
  }

  /** Script for these changes; what comes before the last drop leaves no trace. */
  static GuildScript of(EntityKeys names, GuildChanges changes, long nowMillis) {
    var script = new GuildScript(names, changes.guild(), nowMillis);
    int drop = changes.changes().lastIndexOf(new Change.Drop());
    changes.changes().subList(Math.max(drop, 0), changes.changes().size()).forEach(script::add);
    return script;
  }

  long guild() {
    return guild;
  }

  /** Whether it does nothing. */
  boolean isEmpty() {
    return steps.isEmpty();
  }

  /** About how many bytes it has. */
  long bytes() {
    return bytes;
  }

  /** Keys of the guild. */
  List<Object> keys() {
    return keys;
  }

  /** Arguments of the script. */
  Object[] arguments(long leader, long write, boolean fenced) {
    var all = new ArrayList<Object>(steps.size() + 6);
    all.add(text(leader));
    all.add(text(write));
    all.add(text(fenced ? 1 : 0));
    all.add(text(puts ? 1 : 0));
    all.add(text(names.notices()));
    all.add(text(notice.toString()));
    all.addAll(steps);
    return all.toArray();
  }

  /** Channels and threads that are there, or not there, afterwards. */
  Map<Long, Boolean> channels() {
    return channels;
  }

  /** Whether the guild is listed afterwards; empty if that stays as it is. */
  Optional<Boolean> listed() {
    return listed;
  }

  private void add(Change change) {
    switch (change) {
      case Change.Put(EntityType type, long id, Body json) -> put(type, id, json);
      case Change.Remove(EntityType type, long id) -> remove(type, id);
      case Change.ReplaceAll(EntityType type, SortedMap<Long, Body> all) -> replace(type, all);
      case Change.Bury(Burial burial, long until) -> bury(burial, until);
      case Change.Note(GuildState state) -> note(state);
      case Change.Drop() -> drop();
    }
  }

  private void put(EntityType type, long id, Body json) {
    if (type == EntityType.GUILD) {
      step("set", GUILD);
    } else {
      step("put", place(type));
      argument(text(EntityKeys.id(id)));
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
      step("remove", place(type));
      argument(text(EntityKeys.id(id)));
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
          argument(text(EntityKeys.id(id)));
          argument(json.bytes());
          isThere(type, id, true);
        });
    tell(type.key(), "*", "replace");
    puts |= !all.isEmpty();
    listed = Optional.of(true);
  }

  private void bury(Burial burial, long untilMillis) {
    if (untilMillis <= nowMillis) {
      return;
    }
    step("bury", BURIALS);
    argument(text(nowMillis));
    argument(text(untilMillis - nowMillis));
    argument(text(GuildFields.of(burial)));
    argument(text(untilMillis));
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
    for (EntityType type : EntityType.values()) {
      place(type);
    }
    step("drop", KNOWN);
    INDEXED.forEach(type -> argument(text(place(type))));
    tell("*", "*", "drop");
    listed = Optional.of(false);
  }

  private int place(EntityType type) {
    return places.computeIfAbsent(
        type,
        missing -> {
          keys.add(names.of(guild, missing));
          return keys.size();
        });
  }

  private void isThere(EntityType type, long id, boolean there) {
    if (INDEXED.contains(type)) {
      channels.put(id, there);
    }
  }

  /** Begins a step, or goes on with the last one where that does the same. */
  private void step(String what, int place) {
    String step = what + place;
    boolean goesOn = step.equals(last) && (what.equals("put") || what.equals("remove"));
    if (!goesOn) {
      steps.add(text(what));
      steps.add(text(place));
      steps.add(text(0));
      last = step;
      counted = steps.size() - 1;
      count = 0;
    }
  }

  private void argument(byte[] argument) {
    steps.add(argument);
    bytes += argument.length;
    count++;
    steps.set(counted, text(count));
  }

  private void tell(String type, String id, String what) {
    if (!notice.isEmpty()) {
      notice.append('\n');
    }
    notice.append(EntityKeys.id(guild)).append(' ').append(type).append(' ').append(id);
    notice.append(' ').append(what);
  }

  private static byte[] text(long number) {
    return text(Long.toString(number));
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }
}
