package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Entities in this process's memory, of this instance alone. Reads wait for nothing; writes wait
 * for one another. Thread-safe.
 */
final class HeapEntityStore implements EntityStore {
  /** How often it is looked for what is over; until then it is told to nobody, but there. */
  private static final Duration TIDIED_EVERY = Duration.ofMinutes(1);

  private final long maxBytes;
  private final Clock clock;
  private final ConcurrentMap<String, HeldApp> apps = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Optional<String> app = Optional.empty();

  // These are guarded by the lock.
  private long bytes;
  private long leader;
  private boolean leading;
  private long tidyAt;

  /** Empty store, which takes in no new guild when that would take more than this. */
  HeapEntityStore(long maxBytes, Clock clock) {
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.tidyAt = clock.nanoTime();
  }

  @Override
  public Reach reach() {
    return Reach.THIS_INSTANCE;
  }

  /** Nobody else could: the lease does not matter. It is asked for all the time. */
  @Override
  public OptionalLong lead(Duration lease) {
    lock.lock();
    try {
      if (!leading) {
        leading = true;
        leader++;
      }
      if (clock.nanoTime() - tidyAt >= 0) {
        tidyAt = clock.nanoTime() + TIDIED_EVERY.toNanos();
        apps.values().forEach(this::tidy);
      }
      return OptionalLong.of(leader);
    } finally {
      lock.unlock();
    }
  }

  private void tidy(HeldApp held) {
    long now = now();
    held.all()
        .forEach(
            (id, guild) -> {
              if (!guild.over(now).isEmpty()) {
                apply(held, new GuildChanges(id, List.of()), now);
              }
            });
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
    return app;
  }

  @Override
  public Optional<AppState> appState(String app) {
    return of(app).state();
  }

  @Override
  public void keep(long leader, String app, AppState state) {
    lock.lock();
    try {
      requireLeader(leader);
      apps.computeIfAbsent(app, missing -> new HeldApp()).keep(state);
      this.app = Optional.of(app);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Long> guilds(String app, long after, int atMost) {
    return of(app).guilds(after, atMost);
  }

  @Override
  public List<GuildRecord> records(String app, List<Long> guilds) {
    HeldApp held = of(app);
    return guilds.stream()
        .map(held::guild)
        .map(guild -> new GuildRecord(guild.state(), guild.buried()))
        .toList();
  }

  @Override
  public List<Optional<Body>> get(String app, List<EntityKey> keys) {
    HeldApp held = of(app);
    long now = now();
    return keys.stream()
        .map(key -> held.guild(key.guild()).shelf(key.type(), now).get(key.id()))
        .toList();
  }

  @Override
  public Map<EntityType, SortedMap<Long, Body>> all(
      String app, long guild, List<EntityType> types) {
    HeldGuild held = of(app).guild(guild);
    var all = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
    long now = now();
    types.forEach(type -> all.put(type, held.shelf(type, now).all()));
    return all;
  }

  @Override
  public List<OptionalLong> guildsOf(String app, List<Long> channels) {
    HeldApp held = of(app);
    return channels.stream().map(held::guildOf).toList();
  }

  @Override
  public List<Long> apply(long leader, String app, List<GuildChanges> changes) {
    lock.lock();
    try {
      requireLeader(leader);
      HeldApp held = apps.computeIfAbsent(app, missing -> new HeldApp());
      long now = now();
      var refused = new ArrayList<Long>();
      for (GuildChanges each : changes) {
        if (!apply(held, each, now)) {
          refused.add(each.guild());
        }
      }
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /** One that nothing but its state is known of was not taken in yet, as it needs no room. */
  private boolean apply(HeldApp held, GuildChanges changes, long now) {
    HeldGuild before = held.guild(changes.guild());
    var edit = new GuildEdit(before, now);
    changes.changes().forEach(edit::change);
    HeldGuild after = edit.done();
    long more = after.weight() - before.weight();
    if (before.shelves().isEmpty() && more > 0 && bytes + more > maxBytes) {
      return false;
    }
    held.put(changes.guild(), before, after);
    bytes += more;
    return true;
  }

  @Override
  public Map<EntityType, Usage> usage(String app) {
    return of(app).usage();
  }

  @Override
  public void close() {}

  private long now() {
    return clock.wallTime().toEpochMilli();
  }

  private void requireLeader(long number) {
    if (!leading || number != leader) {
      throw new StaleLeaderException("leader: " + number + " (expected: who leads now)");
    }
  }

  /** Of one that nothing is kept of, an empty one that is not kept either. */
  private HeldApp of(String app) {
    HeldApp held = apps.get(app);
    return held == null ? new HeldApp() : held;
  }
}
