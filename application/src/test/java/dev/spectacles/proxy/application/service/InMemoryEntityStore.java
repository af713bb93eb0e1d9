package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/** What a test says that the gateway told; only read. */
final class InMemoryEntityStore implements EntityStore {
  static final String APP = "900";
  static final long SELF = 900_000_000_000_000_001L;

  /** What happens before an answer. */
  interface Before {
    void read() throws InterruptedException;
  }

  volatile Before before = () -> {};
  volatile Optional<AppState> appState =
      Optional.of(new AppState(Body.of("{\"id\":\"" + SELF + "\"}"), SELF, 1, 0, Set.of()));
  private final SortedMap<Long, GuildState> states = new ConcurrentSkipListMap<>();
  private final SortedMap<Long, Map<EntityType, SortedMap<Long, Body>>> guilds =
      new ConcurrentSkipListMap<>();

  /** Guild that everything is known of, as told at this time. */
  void available(long guild, long millis) {
    states.put(guild, new GuildState(Standing.AVAILABLE, millis, millis, false, false, Map.of()));
    guilds.put(guild, new EnumMap<>(EntityType.class));
  }

  void put(long guild, EntityType type, long id, String json) {
    SortedMap<Long, Body> all =
        guilds.get(guild).computeIfAbsent(type, any -> new ConcurrentSkipListMap<>());
    all.put(id, Body.of(json));
    states.put(guild, states.get(guild).with(type, all.size()));
  }

  void note(long guild, UnaryOperator<GuildState> change) {
    states.computeIfPresent(guild, (any, state) -> change.apply(state));
  }

  /** Loses an entity without noticing. */
  void lose(long guild, EntityType type, long id) {
    guilds.get(guild).get(type).remove(id);
  }

  @Override
  public Optional<String> app() throws InterruptedException {
    before.read();
    return Optional.of(APP);
  }

  @Override
  public Optional<AppState> appState(String app) throws InterruptedException {
    before.read();
    return appState;
  }

  @Override
  public List<Long> guilds(String app, long after, int atMost) throws InterruptedException {
    before.read();
    return states.tailMap(after + 1).keySet().stream().limit(atMost).toList();
  }

  @Override
  public List<GuildRecord> records(String app, List<Long> of) throws InterruptedException {
    before.read();
    return of.stream()
        .map(guild -> states.getOrDefault(guild, GuildState.UNKNOWN))
        .map(state -> new GuildRecord(state, Map.of()))
        .toList();
  }

  @Override
  public List<Optional<Body>> get(String app, List<EntityKey> keys) throws InterruptedException {
    before.read();
    return keys.stream()
        .map(key -> Optional.ofNullable(of(key.guild(), key.type()).get(key.id())))
        .toList();
  }

  @Override
  public Map<EntityType, SortedMap<Long, Body>> all(String app, long guild, List<EntityType> types)
      throws InterruptedException {
    before.read();
    var all = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
    types.forEach(type -> all.put(type, of(guild, type)));
    return all;
  }

  @Override
  public List<OptionalLong> guildsOf(String app, List<Long> channels) throws InterruptedException {
    before.read();
    return channels.stream().map(this::guildOf).toList();
  }

  private OptionalLong guildOf(long channel) {
    return guilds.keySet().stream()
        .filter(
            guild ->
                of(guild, EntityType.CHANNEL).containsKey(channel)
                    || of(guild, EntityType.THREAD).containsKey(channel))
        .mapToLong(guild -> guild)
        .findFirst();
  }

  private SortedMap<Long, Body> of(long guild, EntityType type) {
    return guilds.getOrDefault(guild, Map.of()).getOrDefault(type, new TreeMap<>());
  }

  @Override
  public Map<EntityType, Usage> usage(String app) throws InterruptedException {
    before.read();
    return new TreeMap<>(Map.of(EntityType.ROLE, new Usage(2, 30)));
  }

  @Override
  public Reach reach() {
    return Reach.THIS_INSTANCE;
  }

  @Override
  public OptionalLong lead(Duration lease) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public void resign() {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public void keep(long leader, String app, AppState state) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public List<Long> apply(long leader, String app, List<GuildChanges> changes) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public void close() {}
}
