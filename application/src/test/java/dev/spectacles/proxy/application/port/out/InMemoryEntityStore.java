package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** Entities in maps under one lock, for tests. Thread-safe. */
public final class InMemoryEntityStore implements EntityStore {
  private static final class Guild {
    private final Map<EntityType, TreeMap<Long, Body>> entities = new EnumMap<>(EntityType.class);
    private final Map<Burial, Long> buried = new HashMap<>();
    private GuildState state = GuildState.UNKNOWN;
    private final Map<EntityType, Long> ends = new EnumMap<>(EntityType.class);
    private boolean known;

    /** The same without what is over at this time. */
    Guild at(long now) {
      ends.forEach(
          (type, end) -> entities.computeIfPresent(type, (t, of) -> end > now ? of : null));
      ends.keySet().retainAll(entities.keySet());
      return this;
    }

    TreeMap<Long, Body> of(EntityType type) {
      return entities.computeIfAbsent(type, missing -> new TreeMap<>());
    }

    boolean has(EntityType type, long id) {
      return of(type).containsKey(id);
    }

    Guild copy() {
      var copy = new Guild();
      entities.forEach((type, of) -> copy.entities.put(type, new TreeMap<>(of)));
      copy.buried.putAll(buried);
      copy.ends.putAll(ends);
      copy.state = state;
      copy.known = known;
      return copy;
    }

    Guild with(Change change, long now) {
      switch (change) {
        case Change.Put(var type, var id, var json) -> of(type).put(id, json);
        case Change.Remove(var type, var id) -> {
          of(type).remove(id);
          if (of(type).isEmpty()) {
            ends.remove(type);
          }
        }
        case Change.ReplaceAll(var type, var all) -> {
          entities.put(type, new TreeMap<>(all));
          ends.remove(type);
        }
        case Change.Limit(var type, var life) -> {
          if (!of(type).isEmpty()) {
            ends.merge(type, now + life.toMillis(), Math::min);
          }
        }
        case Change.Bury(var burial, var until) -> buried.put(burial, until);
        case Change.Unbury(var burial) -> buried.remove(burial);
        case Change.Note(var noted) -> state = noted;
        case Change.Drop() -> {
          return new Guild();
        }
      }
      known |=
          change instanceof Change.Put
              || change instanceof Change.ReplaceAll
              || change instanceof Change.Note;
      return this;
    }

    long bytes() {
      return entities.values().stream()
          .flatMap(of -> of.values().stream())
          .mapToLong(Body::size)
          .sum();
    }
  }

  private final Clock clock;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, TreeMap<Long, Guild>> apps = new HashMap<>();
  private final Map<String, AppState> states = new HashMap<>();
  private Optional<String> app = Optional.empty();
  private boolean leading;
  private long leader;

  /** Empty store with room for everything. */
  public InMemoryEntityStore(Clock clock) {
    this(clock, Long.MAX_VALUE);
  }

  /** Empty store with room for JSON of this many bytes. */
  public InMemoryEntityStore(Clock clock, long maxBytes) {
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  @Override
  public Reach reach() {
    return Reach.THIS_INSTANCE;
  }

  @Override
  public OptionalLong lead(Duration lease) {
    lock.lock();
    try {
      if (!leading) {
        leading = true;
        leader++;
      }
      return OptionalLong.of(leader);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void resign() {
    lock.lock();
    try {
      leading = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<String> app() {
    lock.lock();
    try {
      return app;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<AppState> appState(String app) {
    lock.lock();
    try {
      return Optional.ofNullable(states.get(app));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void keep(long leader, String app, AppState state) {
    lock.lock();
    try {
      requireLeader(leader);
      this.app = Optional.of(app);
      states.put(app, state);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Long> guilds(String app, long after, int atMost) {
    lock.lock();
    try {
      return of(app).tailMap(after, false).entrySet().stream()
          .filter(guild -> guild.getValue().known)
          .map(Map.Entry::getKey)
          .limit(atMost)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<GuildRecord> records(String app, List<Long> guilds) {
    lock.lock();
    try {
      return guilds.stream()
          .map(id -> guild(app, id))
          .map(guild -> new GuildRecord(guild.state, guild.buried))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Optional<Body>> get(String app, List<EntityKey> keys) {
    lock.lock();
    try {
      return keys.stream()
          .map(key -> Optional.ofNullable(guild(app, key.guild()).of(key.type()).get(key.id())))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<EntityType, SortedMap<Long, Body>> all(
      String app, long guild, List<EntityType> types) {
    lock.lock();
    try {
      var all = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
      types.forEach(type -> all.put(type, new TreeMap<>(guild(app, guild).of(type))));
      return all;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<OptionalLong> guildsOf(String app, List<Long> channels) {
    lock.lock();
    try {
      return channels.stream().map(channel -> guildOf(app, channel)).toList();
    } finally {
      lock.unlock();
    }
  }

  private OptionalLong guildOf(String app, long channel) {
    return of(app).entrySet().stream()
        .filter(
            guild ->
                guild.getValue().has(EntityType.CHANNEL, channel)
                    || guild.getValue().has(EntityType.THREAD, channel))
        .mapToLong(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public List<Long> apply(long leader, String app, List<GuildChanges> changes) {
    lock.lock();
    try {
      requireLeader(leader);
      var refused = new ArrayList<Long>();
      for (GuildChanges each : changes) {
        if (!each.changes().isEmpty() && !apply(of(app), each)) {
          refused.add(each.guild());
        }
      }
      return refused;
    } finally {
      lock.unlock();
    }
  }

  private boolean apply(TreeMap<Long, Guild> guilds, GuildChanges changes) {
    Guild before =
        guilds.getOrDefault(changes.guild(), new Guild()).at(clock.wallTime().toEpochMilli());
    Guild after = before.copy();
    for (Change change : changes.changes()) {
      after = after.with(change, clock.wallTime().toEpochMilli());
    }
    long held = guilds.values().stream().mapToLong(Guild::bytes).sum();
    if (before.bytes() == 0 && after.bytes() > 0 && held + after.bytes() > maxBytes) {
      return false;
    }
    guilds.put(changes.guild(), after);
    return true;
  }

  @Override
  public Map<EntityType, Usage> usage(String app) {
    lock.lock();
    try {
      var usage = new EnumMap<EntityType, Usage>(EntityType.class);
      for (Guild guild : of(app).values()) {
        guild.entities.forEach(
            (type, of) -> {
              long bytes = of.values().stream().mapToLong(Body::size).sum();
              usage.merge(type, new Usage(of.size(), bytes), InMemoryEntityStore::sum);
            });
      }
      return usage;
    } finally {
      lock.unlock();
    }
  }

  private static Usage sum(Usage one, Usage other) {
    return new Usage(one.entities() + other.entities(), one.bytes() + other.bytes());
  }

  @Override
  public void close() {}

  private void requireLeader(long number) {
    if (!leading || number != leader) {
      throw new StaleLeaderException("leader: " + number + " (expected: " + leader + ")");
    }
  }

  private Guild guild(String app, long id) {
    return of(app).getOrDefault(id, new Guild()).at(clock.wallTime().toEpochMilli());
  }

  private TreeMap<Long, Guild> of(String app) {
    return apps.computeIfAbsent(app, missing -> new TreeMap<>());
  }
}
