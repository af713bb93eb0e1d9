package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bot whose events are kept, as a whole: its application is the one of the last {@code READY},
 * or the one that is configured. Not thread-safe.
 */
final class KeptBot {
  private static final Logger LOG = LoggerFactory.getLogger(KeptBot.class);

  /** How often it is told that everything is kept, while nothing else is to be told. */
  private static final Duration TOLD_EVERY = Duration.ofSeconds(1);

  private final EntityStore store;
  private final JsonReader reader;
  private final FeedProgress progress;
  private final Clock clock;
  private final Optional<String> configured;
  private final Set<EntityType> types;
  private Optional<String> app = Optional.empty();
  private Optional<AppState> state = Optional.empty();

  /** By the monotonic clock: it is told again from then on. */
  private long toldAtNanos;

  KeptBot(
      EntityStore store,
      JsonReader reader,
      FeedProgress progress,
      Clock clock,
      Optional<String> configured,
      Set<EntityType> types) {
    this.progress = progress;
    this.store = store;
    this.reader = reader;
    this.clock = clock;
    this.configured = configured;
    this.types = types;
    this.toldAtNanos = clock.nanoTime();
  }

  /** Takes over what another instance has left, or looks how far it is. */
  void begin() throws InterruptedException {
    app = configured.isPresent() ? configured : store.app();
    state = app.isPresent() ? store.appState(app.get()) : Optional.empty();
    progress.reached(state.map(AppState::caughtUpMillis).orElse(0L));
  }

  /** Whether guilds may lack something that is kept from now on. */
  boolean keepsMore() {
    return state.isPresent() && !state.get().types().containsAll(types);
  }

  Optional<String> app() {
    return app;
  }

  /** Whether an event is for it that says this of its application, or nothing. */
  boolean owns(Optional<String> told) {
    return app.isPresent() && told.map(app.get()::equals).orElse(true);
  }

  /** Whether this can be its user: it is, or is not known yet. */
  boolean mayBe(JsonObject user) {
    return userId().isEmpty() || userId().equals(user.id("id"));
  }

  OptionalLong userId() {
    return state.isPresent() ? OptionalLong.of(state.get().userId()) : OptionalLong.empty();
  }

  void ready(long leader, Effect.Ready ready) throws InterruptedException {
    app = Optional.of(ready.app());
    keep(
        leader,
        new AppState(
            Body.of(ready.self().bytes()),
            ready.userId(),
            ready.shards(),
            progress.millis(),
            types));
  }

  void selfChanged(long leader, JsonObject changed) throws InterruptedException {
    if (state.isEmpty()) {
      return;
    }
    AppState before = state.get();
    try {
      JsonObject self = reader.read(before.self().bytes()).mergedWith(changed);
      keep(
          leader,
          new AppState(
              Body.of(self.bytes()), before.userId(), before.shards(), progress.millis(), types));
    } catch (InvalidEventException e) {
      LOG.warn("the bot's own user is not readable in the store: {}", e.getMessage());
    }
  }

  /**
   * Everything until then is kept; milliseconds since 1970.
   *
   * @return how long ago that is
   */
  Duration caughtUp(long leader, long millis) throws InterruptedException {
    progress.reached(millis);
    if (state.isPresent() && clock.nanoTime() - toldAtNanos >= 0) {
      keep(leader, state.get());
    }
    return lag();
  }

  /** How long ago all was kept that had been told. */
  Duration lag() {
    return progress.lag();
  }

  private void keep(long leader, AppState known) throws InterruptedException {
    toldAtNanos = clock.nanoTime() + TOLD_EVERY.toNanos();
    var told = new AppState(known.self(), known.userId(), known.shards(), progress.millis(), types);
    store.keep(leader, app.orElseThrow(), told);
    state = Optional.of(told);
  }
}
