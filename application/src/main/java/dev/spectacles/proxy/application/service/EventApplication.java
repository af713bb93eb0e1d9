package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EventDecoder;
import dev.spectacles.proxy.application.port.out.EventFeed.Batch;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.EventTags;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EventRules;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies batches of events to what is kept. Not thread-safe.
 *
 * <p>Events do not say which bot they are for, unless their publisher does; the bot is the one of
 * the last {@code READY}, or the one that is configured.
 */
public final class EventApplication {
  /** Makes stored answers invalid that bear one of these tags. */
  @FunctionalInterface
  public interface Invalidation {
    void bump(Collection<String> tags) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventApplication.class);

  /** How often it is told that everything is kept, while nothing happens. */
  private static final Duration TOLD_EVERY = Duration.ofSeconds(1);

  private final EntityStore store;
  private final GuildSweep sweep;
  private final EventRules rules;
  private final JsonReader reader;
  private final EventDecoder decoder;
  private final Invalidation answers;
  private final ProxyEvents events;
  private final Clock clock;
  private final Optional<String> configured;
  private final int prefix;
  private final Tally unreadable;
  private final Tally foreign;
  private final Tally full;
  private Optional<String> app = Optional.empty();
  private Optional<AppState> state = Optional.empty();
  private long caughtUp;
  private long toldAt;

  /**
   * Application of events to this store.
   *
   * @param configured the bot's application id, if it is known without being told
   * @param prefix what stands before the names of events
   */
  public EventApplication(
      EntityStore store,
      EventRules rules,
      JsonReader reader,
      EventDecoder decoder,
      Invalidation answers,
      ProxyEvents events,
      Clock clock,
      Optional<String> configured,
      String prefix) {
    this.store = store;
    this.sweep = new GuildSweep(store, reader);
    this.rules = rules;
    this.reader = reader;
    this.decoder = decoder;
    this.answers = answers;
    this.events = events;
    this.clock = clock;
    this.configured = configured;
    this.prefix = prefix.length();
    this.unreadable = new Tally(clock);
    this.foreign = new Tally(clock);
    this.full = new Tally(clock);
    this.toldAt = clock.nanoTime();
  }

  /** This instance is the one that writes from now on. */
  void begin(long leader) throws InterruptedException {
    app = configured.isPresent() ? configured : store.app();
    state = app.isPresent() ? store.appState(app.get()) : Optional.empty();
    caughtUp = state.map(AppState::caughtUpMillis).orElse(0L);
    LOG.debug("leader={} app={}", leader, app.orElse("not known yet"));
  }

  /** Writes what the events change. */
  void apply(long leader, Batch batch) throws InterruptedException {
    if (batch.afterGap() && app.isPresent()) {
      LOG.warn("events may have been lost: guilds are stale until Discord tells them again");
      sweep.distrustAll(leader, app.get());
    }
    Set<String> tags = new LinkedHashSet<>();
    var guilds = new EventBatch(store, reader);
    int kept = 0;
    for (Fed fed : batch.events()) {
      Optional<GatewayEvent> event = read(fed);
      if (event.isEmpty()) {
        continue;
      }
      if (event.get().name().equals(ControlEvents.NAME)) {
        guilds = told(leader, guilds, event.get());
        continue;
      }
      Effect effect = effect(event.get());
      switch (effect) {
        case Effect.None none -> {}
        case Effect.OnGuild onGuild -> {
          if (isOurs(fed)) {
            guilds.add(event.get(), onGuild);
          } else {
            continue;
          }
        }
        case Effect.OnSelf(JsonObject changed) -> selfChanged(leader, changed);
        case Effect.Ready ready -> {
          guilds = written(leader, guilds);
          ready(leader, fed, ready, tags);
        }
      }
      kept++;
      tags.addAll(EventTags.of(event.get()));
    }
    written(leader, guilds);
    if (!tags.isEmpty()) {
      answers.bump(tags);
    }
    events.eventsIngested(kept);
  }

  /**
   * A batch is kept.
   *
   * @param drained whether there were no more events
   * @param askedAt when it was asked for; milliseconds since 1970
   */
  void caughtUp(long leader, Batch batch, boolean drained, long askedAt)
      throws InterruptedException {
    long until = drained ? askedAt : batch.events().getLast().millis();
    caughtUp = Math.max(caughtUp, until);
    events.ingestLag(Duration.ofMillis(Math.max(0, clock.wallTime().toEpochMilli() - caughtUp)));
    if (app.isPresent() && state.isPresent() && clock.nanoTime() - toldAt >= 0) {
      toldAt = clock.nanoTime() + TOLD_EVERY.toNanos();
      keep(leader, app.get(), state.get());
    }
  }

  private Optional<GatewayEvent> read(Fed fed) {
    try {
      JsonObject data = decoder.decode(fed.payload().bytes());
      return Optional.of(new GatewayEvent(fed.name().substring(prefix), data, fed.millis()));
    } catch (InvalidEventException e) {
      dropped(fed.name(), "id=" + fed.id() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What another instance, or this one, wants to be kept or not. */
  private EventBatch told(long leader, EventBatch guilds, GatewayEvent event)
      throws InterruptedException {
    if (app.isEmpty()) {
      return guilds;
    }
    switch (control(event)) {
      case ControlEvents.Control.Learn(List<GatewayEvent> lessons) -> {
        for (GatewayEvent lesson : lessons) {
          if (effect(lesson) instanceof Effect.OnGuild onGuild) {
            guilds.addLesson(lesson, onGuild);
          }
        }
        return guilds;
      }
      case ControlEvents.Control.PurgeGuild(long guild) -> {
        EventBatch next = written(leader, guilds);
        store.apply(
            leader, app.get(), List.of(new GuildChanges(guild, List.of(new Change.Drop()))));
        return next;
      }
      case ControlEvents.Control.PurgeUser(long user) -> {
        EventBatch next = written(leader, guilds);
        sweep.purgeUser(leader, app.get(), user);
        return next;
      }
    }
  }

  private ControlEvents.Control control(GatewayEvent event) {
    try {
      return ControlEvents.read(event.data());
    } catch (InvalidEventException e) {
      dropped(event.name(), String.valueOf(e.getMessage()));
      return new ControlEvents.Control.Learn(List.of());
    }
  }

  private void dropped(String name, String why) {
    events.eventDropped();
    unreadable
        .happened()
        .ifPresent(
            count -> LOG.warn("events dropped: {}, the last one name={}: {}", count, name, why));
  }

  private Effect effect(GatewayEvent event) {
    try {
      return rules.effectOf(event);
    } catch (RuntimeException e) {
      // A defect: the event would meet it each time it came again.
      LOG.error("event not applied: name={}", event.name(), e);
      return new Effect.None();
    }
  }

  /** Whether an event of a guild is for the bot that is kept here. */
  private boolean isOurs(Fed fed) {
    boolean ours = app.isPresent() && fed.app().map(app.get()::equals).orElse(true);
    if (!ours) {
      events.eventDropped();
      foreign
          .happened()
          .ifPresent(
              count ->
                  LOG.warn(
                      app.isPresent()
                          ? "events of another application dropped: {}, the last one id={} name={}"
                          : "events dropped before the first READY: {}, the last one id={} name={};"
                              + " name the bot's application in cache.gateway.app, or restart its"
                              + " gateway",
                      count,
                      fed.id(),
                      fed.name()));
    }
    return ours;
  }

  private void ready(long leader, Fed fed, Effect.Ready ready, Set<String> tags)
      throws InterruptedException {
    if (app.isPresent() && !app.get().equals(ready.app())) {
      otherBot(fed, ready.app());
      return;
    }
    app = Optional.of(ready.app());
    keep(
        leader,
        ready.app(),
        new AppState(Body.of(ready.self().bytes()), ready.userId(), ready.shards(), caughtUp));
    List<Long> gone = sweep.ready(leader, ready);
    gone.forEach(guild -> tags.add("g:" + Long.toUnsignedString(guild) + ":all"));
    LOG.info(
        "shard {} of {} is ready: guilds={} left={}",
        ready.shard(),
        ready.shards(),
        ready.guilds().size(),
        gone.size());
  }

  private void otherBot(Fed fed, String other) {
    events.eventDropped();
    if (fed.app().isEmpty()) {
      LOG.error(
          "READY of application {} under the names of {}'s events: what is kept may mix both. Give"
              + " each bot's events a prefix, and name it in cache.gateway.prefix",
          other,
          app.orElse("another"));
    }
  }

  private void selfChanged(long leader, JsonObject changed) throws InterruptedException {
    if (app.isEmpty() || state.isEmpty()) {
      return;
    }
    AppState before = state.get();
    try {
      JsonObject self = reader.read(before.self().bytes()).mergedWith(changed);
      keep(
          leader,
          app.get(),
          new AppState(
              Body.of(self.bytes()), before.userId(), before.shards(), before.caughtUpMillis()));
    } catch (InvalidEventException e) {
      LOG.warn("the bot's own user is not readable in the store: {}", e.getMessage());
    }
  }

  private void keep(long leader, String id, AppState known) throws InterruptedException {
    var told = new AppState(known.self(), known.userId(), known.shards(), caughtUp);
    store.keep(leader, id, told);
    state = Optional.of(told);
  }

  private EventBatch written(long leader, EventBatch guilds) throws InterruptedException {
    if (!guilds.isEmpty()) {
      for (long guild : guilds.apply(leader, app.orElseThrow())) {
        events.eventDropped();
        full.happened()
            .ifPresent(
                count ->
                    LOG.warn(
                        "guilds not kept, as the store is full: {}, the last one {}",
                        count,
                        Long.toUnsignedString(guild)));
      }
    }
    return new EventBatch(store, reader);
  }
}
