package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** What a test says that the gateway told; only read by the subject. */
final class ToldEntities implements EntityStore {
  static final String APP = "900";
  static final long SELF = 900_000_000_000_000_001L;

  /** What happens before an answer. */
  interface Before {
    void read() throws InterruptedException;
  }

  volatile Before before = () -> {};
  private final InMemoryEntityStore told = new InMemoryEntityStore(new ManualClock());
  private final long leader = told.lead(Duration.ofDays(1)).orElseThrow();

  ToldEntities() {
    Body self = Body.of("{\"id\":\"" + SELF + "\"}");
    told.keep(leader, APP, new AppState(self, SELF, 1, 0, Set.of()));
  }

  /** Guild that everything is known of, as told at this time. */
  void available(long guild, long millis) {
    var state = new GuildState(Standing.AVAILABLE, millis, millis, false, false, Map.of());
    change(guild, new Change.Drop(), new Change.Note(state));
  }

  void put(long guild, EntityType type, long id, String json) {
    change(guild, new Change.Put(type, id, Body.of(json)));
    int count = told.all(APP, guild, List.of(type)).get(type).size();
    note(guild, state -> state.with(type, count));
  }

  void note(long guild, UnaryOperator<GuildState> change) {
    GuildState state = told.records(APP, List.of(guild)).getFirst().state();
    change(guild, new Change.Note(change.apply(state)));
  }

  /** Loses an entity without noticing. */
  void lose(long guild, EntityType type, long id) {
    change(guild, new Change.Remove(type, id));
  }

  private void change(long guild, Change... changes) {
    told.apply(leader, APP, List.of(new GuildChanges(guild, List.of(changes))));
  }

  @Override
  public Optional<String> app() throws InterruptedException {
    before.read();
    return told.app();
  }

  @Override
  public Optional<AppState> appState(String app) throws InterruptedException {
    before.read();
    return told.appState(app);
  }

  @Override
  public List<Long> guilds(String app, long after, int atMost) throws InterruptedException {
    before.read();
    return told.guilds(app, after, atMost);
  }

  @Override
  public List<GuildRecord> records(String app, List<Long> guilds) throws InterruptedException {
    before.read();
    return told.records(app, guilds);
  }

  @Override
  public List<Optional<Body>> get(String app, List<EntityKey> keys) throws InterruptedException {
    before.read();
    return told.get(app, keys);
  }

  @Override
  public Map<EntityType, SortedMap<Long, Body>> all(String app, long guild, List<EntityType> types)
      throws InterruptedException {
    before.read();
    return told.all(app, guild, types);
  }

  @Override
  public List<OptionalLong> guildsOf(String app, List<Long> channels) throws InterruptedException {
    before.read();
    return told.guildsOf(app, channels);
  }

  @Override
  public Map<EntityType, Usage> usage(String app) throws InterruptedException {
    before.read();
    return told.usage(app);
  }

  @Override
  public Reach reach() {
    return told.reach();
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
  public void close() {
    told.close();
  }
}
