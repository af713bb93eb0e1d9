package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.service.EventReader.ReadBatch;
import dev.spectacles.proxy.application.service.EventReader.Understood;
import dev.spectacles.proxy.application.service.EventReader.Unreadable;
import dev.spectacles.proxy.domain.cache.EventTags;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EventRules;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies batches of events to what is kept. Not thread-safe. */
final class EventApplication {
  /** Events may come this much later than others of their time did. */
  private static final long LATENESS_MILLIS = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(EventApplication.class);

  private final EntityStore store;
  private final JsonReader reader;
  private final GatewayFeed.Source source;
  private final GatewayFeed.Invalidation answers;
  private final ProxyEvents events;
  private final KeptBot bot;
  private final GuildSweep sweep;
  private final Tally unreadable;
  private final Tally foreign;
  private final Tally full;
  private EventRules rules;

  /** What was published before then is acked; milliseconds since 1970. */
  private long acked;

  EventApplication(
      EntityStore store,
      JsonReader reader,
      GatewayFeed.Source source,
      FeedProgress progress,
      GatewayFeed.Invalidation answers,
      ProxyEvents events,
      Clock clock) {
    this.store = store;
    this.reader = reader;
    this.source = source;
    this.answers = answers;
    this.events = events;
    this.bot = new KeptBot(store, reader, progress, clock, source.app(), source.kept());
    this.sweep = new GuildSweep(store, reader);
    this.unreadable = new Tally(clock);
    this.foreign = new Tally(clock);
    this.full = new Tally(clock);
    this.rules = new EventRules(source.kept());
  }

  /** This instance is the one that writes from now on. */
  void begin(long leader) throws InterruptedException {
    bot.begin();
    rules = new EventRules(source.kept(), bot.userId());
    if (bot.keepsMore()) {
      LOG.warn("more is kept than before: guilds are stale until Discord tells them again");
      sweep.distrustAll(leader, bot.app().orElseThrow());
    }
  }

  /** Another instance is the one that writes. */
  void follow() throws InterruptedException {
    bot.begin();
  }

  /** Writes what the events change. */
  void apply(long leader, ReadBatch read) throws InterruptedException {
    if (read.batch().afterGap() && bot.app().isPresent()) {
      LOG.warn("events may have been lost: guilds are stale until Discord tells them again");
      sweep.distrustAll(leader, bot.app().get());
    }
    acked = read.batch().events().stream().mapToLong(Fed::millis).min().orElse(acked);
    Set<String> tags = new LinkedHashSet<>();
    EventBatch guilds = nextBatch();
    int understood = 0;
    for (EventReader.Read each : read.events()) {
      switch (each) {
        case Unreadable(Fed fed, String why) -> dropped(fed.name(), "id=" + fed.id() + ": " + why);
        case Understood(Fed fed, GatewayEvent event) when event.name().equals(ControlEvents.NAME) ->
            guilds = told(leader, guilds, event);
        case Understood(Fed fed, GatewayEvent event) -> {
          switch (effect(event)) {
            case Effect.None none -> {}
            case Effect.OnGuild onGuild -> {
              if (!isOurs(fed, bot.owns(fed.app()))) {
                continue;
              }
              guilds.add(event, onGuild);
            }
            case Effect.OnSelf(JsonObject changed) -> {
              if (!isOurs(fed, bot.owns(fed.app()) && bot.mayBe(changed))) {
                continue;
              }
              bot.selfChanged(leader, changed);
            }
            case Effect.Ready ready -> {
              guilds = written(leader, guilds);
              ready(leader, fed, ready, tags);
            }
          }
          understood++;
          tags.addAll(EventTags.of(event, bot.userId()));
        }
      }
    }
    written(leader, guilds);
    if (!tags.isEmpty()) {
      answers.bump(tags);
    }
    events.eventsIngested(understood);
  }

  /** All events until then are kept; milliseconds since 1970. */
  void caughtUp(long leader, long millis) throws InterruptedException {
    events.ingestLag(bot.caughtUp(leader, millis));
  }

  /** Nothing is known of what happened since all was kept. */
  void fallsBehind() {
    events.ingestLag(bot.lag());
  }

  private Effect effect(GatewayEvent event) {
    try {
      return rules.effectOf(event);
    } catch (InvalidEventException e) {
      dropped(event.name(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A defect: the event would meet it each time it came again.
      LOG.error("event not applied: name={}", event.name(), e);
    }
    return new Effect.None();
  }

  private void dropped(String name, String why) {
    events.eventDropped();
    unreadable
        .happened()
        .ifPresent(
            count -> LOG.warn("events dropped: {}, the last one name={}: {}", count, name, why));
  }

  /** Passes it on whether an event is for the bot that is kept here, and tells if it is not. */
  private boolean isOurs(Fed fed, boolean ours) {
    if (!ours) {
      events.eventDropped();
      foreign
          .happened()
          .ifPresent(
              count ->
                  LOG.warn(
                      bot.app().isPresent()
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
    if (bot.app().isPresent() && !bot.app().get().equals(ready.app())) {
      events.eventDropped();
      if (fed.app().isEmpty()) {
        LOG.error(
            "READY of application {} among the events of {}: what is kept may mix both. Give each"
                + " bot's events a prefix, and name it in cache.gateway.prefix",
            ready.app(),
            bot.app().get());
      }
      return;
    }
    bot.ready(leader, ready);
    rules = new EventRules(source.kept(), bot.userId());
    List<Long> gone = sweep.ready(leader, ready);
    gone.forEach(guild -> tags.add("g:" + Long.toUnsignedString(guild) + ":all"));
    LOG.info(
        "shard {} of {} is ready: guilds={} left={}",
        ready.shard(),
        ready.shards(),
        ready.guilds().size(),
        gone.size());
  }

  /** What some instance wants to be kept or not. */
  private EventBatch told(long leader, EventBatch guilds, GatewayEvent event)
      throws InterruptedException {
    if (bot.app().isEmpty()) {
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
        var purge = new GuildChanges(guild, List.of(new Change.Drop()));
        store.apply(leader, bot.app().get(), List.of(purge));
        return next;
      }
      case ControlEvents.Control.PurgeUser(long user) -> {
        EventBatch next = written(leader, guilds);
        sweep.purgeUser(leader, bot.app().get(), user);
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

  private EventBatch written(long leader, EventBatch guilds) throws InterruptedException {
    if (!guilds.isEmpty()) {
      for (long guild : guilds.apply(leader, bot.app().orElseThrow())) {
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
    return nextBatch();
  }

  private EventBatch nextBatch() {
    return new EventBatch(store, reader, acked - LATENESS_MILLIS, source.ttl());
  }
}
