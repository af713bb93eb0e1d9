package dev.spectacles.proxy.shelf;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Entities as files, one for each guild, in a folder of this instance's own that begins empty.
 * Whose bot it is and who leads are in memory: there is nobody else. Thread-safe.
 */
final class ShelfEntityStore implements EntityStore {
  private final Path folder;
  private final long mostInAll;
  private final Clock clock;
  private final Map<String, AppState> states = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Optional<String> app = Optional.empty();

  // These are guarded by the lock.
  private long leader;
  private boolean leading;

  /** Store in a folder of its own below this one. */
  ShelfEntityStore(Path folder, long mostInAll, Clock clock) {
    this.folder = folder.resolve("guilds-" + UUID.randomUUID());
    this.mostInAll = mostInAll;
    this.clock = clock;
  }

  @Override
  public Reach reach() {
    return Reach.THIS_INSTANCE;
  }

  @Override
  public OptionalLong lead(Duration lease) {
    lock.lock();
    try {
      leader += leading ? 0 : 1;
      leading = true;
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
    return app;
  }

  @Override
  public Optional<AppState> appState(String app) {
    return Optional.ofNullable(states.get(app));
  }

  @Override
  public void keep(long leader, String app, AppState state) {
    lock.lock();
    try {
      requireLeader(leader);
      states.put(app, state);
      this.app = Optional.of(app);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Long> guilds(String app, long after, int atMost) {
    return ids(app).stream()
        .filter(id -> id > after && read(app, id).isListed())
        .limit(atMost)
        .toList();
  }

  @Override
  public List<GuildRecord> records(String app, List<Long> guilds) {
    return guilds.stream()
        .map(id -> read(app, id))
        .map(guild -> new GuildRecord(guild.state(), guild.buried()))
        .toList();
  }

  @Override
  public List<Optional<Body>> get(String app, List<EntityKey> keys) {
    var guilds = new HashMap<Long, ShelfGuild>();
    return keys.stream()
        .map(
            key ->
                guilds
                    .computeIfAbsent(key.guild(), id -> read(app, id))
                    .of(key.type())
                    .get(key.id()))
        .map(Optional::ofNullable)
        .toList();
  }

  @Override
  public Map<EntityType, SortedMap<Long, Body>> all(
      String app, long guild, List<EntityType> types) {
    ShelfGuild read = read(app, guild);
    var all = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
    types.forEach(type -> all.put(type, read.of(type)));
    return all;
  }

  @Override
  public List<OptionalLong> guildsOf(String app, List<Long> channels) {
    var guilds = new HashMap<Long, Long>();
    for (long id : ids(app)) {
      ShelfGuild guild = read(app, id);
      guild.of(EntityType.CHANNEL).keySet().forEach(channel -> guilds.put(channel, id));
      guild.of(EntityType.THREAD).keySet().forEach(thread -> guilds.put(thread, id));
    }
    return channels.stream()
        .map(guilds::get)
        .map(guild -> guild == null ? OptionalLong.empty() : OptionalLong.of(guild))
        .toList();
  }

  @Override
  public List<Long> apply(long leader, String app, List<GuildChanges> changes) {
    lock.lock();
    try {
      requireLeader(leader);
      var refused = new ArrayList<Long>();
      for (GuildChanges each : changes) {
        if (!apply(app, each)) {
          refused.add(each.guild());
        }
      }
      return refused;
    } catch (IOException e) {
      throw failed("Keeping", e);
    } finally {
      lock.unlock();
    }
  }

  private boolean apply(String app, GuildChanges changes) throws IOException {
    ShelfGuild guild = read(app, changes.guild());
    boolean isNew = !guild.hasEntities();
    long now = clock.wallTime().toEpochMilli();
    changes.changes().forEach(change -> guild.change(change, now));
    Path file = file(app, changes.guild());
    if (guild.isNothing()) {
      Files.deleteIfExists(file);
      return true;
    }
    byte[] book = guild.written();
    if (isNew && guild.hasEntities() && bytes(app) + book.length > mostInAll) {
      return false;
    }
    Files.createDirectories(file.getParent());
    // Nobody sees a part of it.
    Path writing = folder.resolve(UUID.randomUUID().toString());
    Files.write(writing, book);
    Files.move(writing, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  @Override
  public Map<EntityType, Usage> usage(String app) {
    var usage = new EnumMap<EntityType, Usage>(EntityType.class);
    for (long id : ids(app)) {
      ShelfGuild guild = read(app, id);
      for (EntityType type : EntityType.values()) {
        long bytes = guild.of(type).values().stream().mapToLong(Body::size).sum();
        usage.merge(
            type,
            new Usage(guild.of(type).size(), bytes),
            (a, b) -> new Usage(a.entities() + b.entities(), a.bytes() + b.bytes()));
      }
    }
    return usage;
  }

  @Override
  public void close() {}

  private void requireLeader(long number) {
    if (!leading || number != leader) {
      throw new StaleLeaderException("leader: " + number + " (expected: who leads now)");
    }
  }

  private ShelfGuild read(String app, long id) {
    try {
      ShelfGuild guild = ShelfGuild.read(Files.readAllBytes(file(app, id)));
      guild.tidy(clock.wallTime().toEpochMilli());
      return guild;
    } catch (NoSuchFileException e) {
      return new ShelfGuild();
    } catch (IOException e) {
      throw failed("Reading", e);
    }
  }

  private long bytes(String app) throws IOException {
    long bytes = 0;
    for (long id : ids(app)) {
      bytes += Files.size(file(app, id));
    }
    return bytes;
  }

  /** Of all guilds that there is a file of, by ascending id. */
  private List<Long> ids(String app) {
    Path guilds = folder.resolve(app);
    if (!Files.isDirectory(guilds)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(guilds)) {
      return files.map(file -> Long.valueOf(file.getFileName().toString())).sorted().toList();
    } catch (IOException e) {
      throw failed("Listing", e);
    }
  }

  private Path file(String app, long guild) {
    return folder.resolve(app).resolve(Long.toString(guild));
  }

  /** Without the exception's own message, which tells the file. */
  private static StoreException failed(String action, IOException e) {
    return new StoreException(action + " a guild failed: " + e.getClass().getSimpleName());
  }
}
