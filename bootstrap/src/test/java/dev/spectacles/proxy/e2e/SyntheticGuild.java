package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Guild of a size that is usual: 89 entities, 36.4 kB of JSON.
 *
 * @param id snowflake
 * @param entities by type, the guild itself among them
 */
record SyntheticGuild(long id, Map<EntityType, SortedMap<Long, Body>> entities) {
  private record Kind(EntityType type, int count, int bytes) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(EntityType.CHANNEL, 35, 430),
          new Kind(EntityType.THREAD, 5, 550),
          new Kind(EntityType.ROLE, 25, 400),
          new Kind(EntityType.EMOJI, 15, 200),
          new Kind(EntityType.STICKER, 1, 300),
          new Kind(EntityType.VOICE, 3, 350),
          new Kind(EntityType.MEMBER, 4, 657));

  private static final int GUILD_BYTES = 1_622;
  private static final long YEARS_MILLIS = 10L * 365 * 24 * 3_600_000;

  /** The same for the same number. */
  static SyntheticGuild of(int number) {
    var random = new Random(number);
    long id = snowflake(random);
    var entities = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
    entities.put(EntityType.GUILD, new TreeMap<>(Map.of(id, json(id, GUILD_BYTES, random))));
    for (Kind kind : KINDS) {
      var of = new TreeMap<Long, Body>();
      while (of.size() < kind.count()) {
        long entity = snowflake(random);
        of.put(entity, json(entity, kind.bytes(), random));
      }
      entities.put(kind.type(), of);
    }
    return new SyntheticGuild(id, entities);
  }

  /** What becomes of it when {@code GUILD_CREATE} tells of it. */
  GuildChanges told(long millis) {
    var changes = new ArrayList<Change>();
    entities.forEach((type, of) -> changes.add(new Change.ReplaceAll(type, of)));
    changes.add(new Change.Note(state(millis)));
    return new GuildChanges(id, changes);
  }

  /** What becomes of it when a role changes. */
  GuildChanges changed(long role, Body json, long millis) {
    return new GuildChanges(
        id, List.of(new Change.Put(EntityType.ROLE, role, json), new Change.Note(state(millis))));
  }

  private GuildState state(long millis) {
    var counts = new EnumMap<EntityType, Integer>(EntityType.class);
    entities.forEach((type, of) -> counts.put(type, of.size()));
    return new GuildState(Standing.AVAILABLE, 1, millis, false, false, counts);
  }

  private static long snowflake(Random random) {
    return (random.nextLong(YEARS_MILLIS) << 22) | random.nextInt(1 << 22);
  }

  private static Body json(long id, int bytes, Random random) {
    var json = new StringBuilder(bytes);
    json.append("{\"id\":\"").append(id).append("\",\"name\":\"");
    while (json.length() < bytes - 2) {
      json.append((char) ('a' + random.nextInt(26)));
    }
    return Body.of(json.append("\"}").toString());
  }
}
