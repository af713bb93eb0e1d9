package dev.spectacles.proxy.shelf;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that is kept of a guild, as one book. Not thread-safe. */
final class ShelfGuild {
  private final Map<EntityType, SortedMap<Long, Body>> entities = new EnumMap<>(EntityType.class);
  private final Map<EntityType, Long> ends = new EnumMap<>(EntityType.class);
  private final Map<Burial, Long> buried = new HashMap<>();
  private GuildState state = GuildState.UNKNOWN;
  private boolean listed;

  GuildState state() {
    return state;
  }

  Map<Burial, Long> buried() {
    return buried;
  }

  /** Whether anything but burials was told. */
  boolean isListed() {
    return listed;
  }

  boolean isNothing() {
    return !listed && buried.isEmpty();
  }

  SortedMap<Long, Body> of(EntityType type) {
    return entities.computeIfAbsent(type, none -> new TreeMap<>());
  }

  boolean hasEntities() {
    return entities.values().stream().anyMatch(of -> !of.isEmpty());
  }

  /** Leaves out what is over at this time; milliseconds since 1970. */
  void tidy(long now) {
    ends.entrySet().stream()
        .filter(end -> end.getValue() <= now)
        .forEach(end -> of(end.getKey()).clear());
    ends.keySet().removeIf(type -> of(type).isEmpty());
  }

  void change(Change change, long now) {
    switch (change) {
      case Change.Put(EntityType type, long id, Body json) -> of(type).put(id, json);
      case Change.Remove(EntityType type, long id) -> of(type).remove(id);
      case Change.ReplaceAll(EntityType type, SortedMap<Long, Body> all) -> {
        of(type).clear();
        of(type).putAll(all);
        ends.remove(type);
      }
      case Change.Limit(var type, var life) -> ends.merge(type, now + life.toMillis(), Math::min);
      case Change.Bury(Burial burial, long until) -> buried.put(burial, until);
      case Change.Unbury(Burial burial) -> buried.remove(burial);
      case Change.Note(GuildState noted) -> state = noted;
      case Change.Drop() -> {
        entities.clear();
        ends.clear();
        buried.clear();
        state = GuildState.UNKNOWN;
        listed = false;
      }
    }
    listed |=
        change instanceof Change.Put
            || change instanceof Change.ReplaceAll
            || change instanceof Change.Note;
    ends.keySet().removeIf(type -> of(type).isEmpty());
  }

  byte[] written() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeBoolean(listed);
    out.writeUTF(state.standing().name());
    out.writeLong(state.syncedMillis());
    out.writeLong(state.eventMillis());
    out.writeBoolean(state.membersComplete());
    out.writeBoolean(state.guildComplete());
    out.writeInt(state.counts().size());
    for (Map.Entry<EntityType, Integer> count : state.counts().entrySet()) {
      out.writeUTF(count.getKey().key());
      out.writeInt(count.getValue());
    }
    out.writeInt(buried.size());
    for (Map.Entry<Burial, Long> burial : buried.entrySet()) {
      out.writeUTF(burial.getKey().type().key());
      out.writeLong(burial.getKey().id());
      out.writeLong(burial.getValue());
    }
    out.writeInt(entities.size());
    for (Map.Entry<EntityType, SortedMap<Long, Body>> type : entities.entrySet()) {
      out.writeUTF(type.getKey().key());
      out.writeLong(ends.getOrDefault(type.getKey(), Long.MAX_VALUE));
      out.writeInt(type.getValue().size());
      for (Map.Entry<Long, Body> entity : type.getValue().entrySet()) {
        out.writeLong(entity.getKey());
        out.writeInt(entity.getValue().size());
        out.write(entity.getValue().bytes());
      }
    }
    return bytes.toByteArray();
  }

  static ShelfGuild read(byte[] book) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(book));
    var guild = new ShelfGuild();
    guild.listed = in.readBoolean();
    Standing standing = Standing.valueOf(in.readUTF());
    long synced = in.readLong();
    long event = in.readLong();
    boolean members = in.readBoolean();
    boolean whole = in.readBoolean();
    var counts = new EnumMap<EntityType, Integer>(EntityType.class);
    for (int left = in.readInt(); left > 0; left--) {
      counts.put(type(in), in.readInt());
    }
    guild.state = new GuildState(standing, synced, event, members, whole, counts);
    for (int left = in.readInt(); left > 0; left--) {
      guild.buried.put(new Burial(type(in), in.readLong()), in.readLong());
    }
    for (int left = in.readInt(); left > 0; left--) {
      EntityType type = type(in);
      guild.ends.put(type, in.readLong());
      SortedMap<Long, Body> all = guild.of(type);
      for (int entities = in.readInt(); entities > 0; entities--) {
        long id = in.readLong();
        all.put(id, Body.of(in.readNBytes(in.readInt())));
      }
    }
    guild.ends.values().removeIf(end -> end == Long.MAX_VALUE);
    return guild;
  }

  private static EntityType type(DataInputStream in) throws IOException {
    return EntityType.ofKey(in.readUTF()).orElseThrow(() -> new IOException("no such type"));
  }
}
