package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What a bot's gateway told, by application: raw JSON of guilds and what is in them.
 *
 * <p>One instance at a time writes: whoever leads. Reads see all that was applied before, a guild's
 * changes all or none. What is kept stays until it is removed; a store that is full takes in no new
 * guild, and evicts nothing. Thread-safe.
 *
 * <p>Every method throws a {@link StoreException} if the store does not answer within its bounds.
 */
public interface EntityStore extends AutoCloseable {
  /** Whose memory it is. */
  enum Reach {
    /** Of this instance, which has to hear every event itself, from the oldest that there is. */
    THIS_INSTANCE,
    /** Shared: one instance hears the events for all, and what it applied outlives it. */
    ALL_INSTANCES
  }

  /** What is held of a type, by all guilds of an application. */
  record Usage(long entities, long bytes) {}

  /** Whose memory it is. */
  Reach reach();

  /**
   * Asks to be the one that writes, or to stay it.
   *
   * @param lease for how long, unless it is asked for again
   * @return number that grows with every new leader, the same as long as one stays it; empty if
   *     another leads
   */
  OptionalLong lead(Duration lease) throws InterruptedException;

  /** Leads no longer, so that others need not wait for the end of the lease. */
  void resign() throws InterruptedException;

  /** Application that this store's feed told of last; empty if it never told. */
  Optional<String> app() throws InterruptedException;

  /** What is known of the bot as a whole. */
  Optional<AppState> appState(String app) throws InterruptedException;

  /**
   * Keeps what is known of the bot as a whole, and that the feed is this application's.
   *
   * @param leader number from {@link #lead}
   * @throws StaleLeaderException if another leads by now
   */
  void keep(long leader, String app, AppState state) throws InterruptedException;

  /** Guilds of the application above {@code after}, by ascending id. */
  List<Long> guilds(String app, long after, int atMost) throws InterruptedException;

  /** What is kept about these guilds beside their entities, in their order. */
  List<GuildRecord> records(String app, List<Long> guilds) throws InterruptedException;

  /** These entities, in their order. */
  List<Optional<Body>> get(String app, List<EntityKey> keys) throws InterruptedException;

  /** All of these types in a guild, by ascending id; one moment's view. */
  Map<EntityType, SortedMap<Long, Body>> all(String app, long guild, List<EntityType> types)
      throws InterruptedException;

  /** The same of several guilds; one moment's view of each type of each guild. */
  default Map<Long, Map<EntityType, SortedMap<Long, Body>>> all(
      String app, Map<Long, List<EntityType>> types) throws InterruptedException {
    var all = new LinkedHashMap<Long, Map<EntityType, SortedMap<Long, Body>>>();
    for (Map.Entry<Long, List<EntityType>> guild : types.entrySet()) {
      all.put(guild.getKey(), all(app, guild.getKey(), guild.getValue()));
    }
    return all;
  }

  /** Guild of each of these channels and threads, in their order. */
  List<OptionalLong> guildsOf(String app, List<Long> channels) throws InterruptedException;

  /**
   * Applies what events changed: each guild's changes all or none, guilds in their order.
   *
   * @param leader number from {@link #lead}
   * @return guilds that were not taken in, as the store is full
   * @throws StaleLeaderException if another leads by now: nothing that this call changes is left
   *     half done, but guilds before the one that was refused may have been applied
   */
  List<Long> apply(long leader, String app, List<GuildChanges> changes) throws InterruptedException;

  /** What is held, by type; may look at a sample only. */
  Map<EntityType, Usage> usage(String app) throws InterruptedException;

  @Override
  void close();
}
