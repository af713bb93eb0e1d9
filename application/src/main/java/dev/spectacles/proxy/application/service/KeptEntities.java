package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.entity.answer.Answer;
import dev.spectacles.proxy.domain.entity.answer.AnswerRoute;
import dev.spectacles.proxy.domain.entity.answer.Composition;
import dev.spectacles.proxy.domain.entity.answer.Keeping;
import dev.spectacles.proxy.domain.entity.answer.Known;
import dev.spectacles.proxy.domain.entity.answer.Question;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of what the gateway told, as far as the store answers within its time. Thread-safe.
 */
final class KeptEntities implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptEntities.class);

  /** Whose gateway is heard changes next to never. */
  private static final Duration FEED_REMEMBERED = Duration.ofSeconds(1);

  /**
   * Whose gateway is heard.
   *
   * @param userId of the bot
   */
  record Feed(String app, long userId) {}

  /**
   * Answer to a question.
   *
   * @param eventMillis when what it is about was told of last
   */
  record Found(Answer answer, long eventMillis) {}

  /** Read from the store. */
  @FunctionalInterface
  interface Read<T> {
    T from(EntityStore store) throws InterruptedException;
  }

  private record Remembered(Optional<Feed> feed, long until) {}

  private final EntityStore store;
  private final JsonReader reader;
  private final Keeping keeping;
  private final Clock clock;
  private final CarefulCalls calls;
  private final AtomicReference<@Nullable Remembered> remembered = new AtomicReference<>();

  KeptEntities(
      EntityStore store, JsonReader reader, Keeping keeping, Duration patience, Clock clock) {
    this.store = store;
    this.reader = reader;
    this.keeping = keeping;
    this.clock = clock;
    this.calls = new CarefulCalls("the store of what the gateway told", patience, "state-", clock);
  }

  /** Reads; empty if the store does not answer. */
  <T> Optional<T> read(Read<T> read) throws InterruptedException {
    return calls.run(Deadline.none(), () -> read.from(store));
  }

  /** Whose gateway is heard; empty if none was yet, or the store does not answer. */
  Optional<Feed> feed() throws InterruptedException {
    Remembered known = remembered.get();
    if (known != null && known.until() - clock.nanoTime() > 0) {
      return known.feed();
    }
    Optional<Optional<Feed>> read = read(KeptEntities::feed);
    read.ifPresent(
        feed -> remembered.set(new Remembered(feed, clock.nanoTime() + FEED_REMEMBERED.toNanos())));
    return read.orElse(Optional.empty());
  }

  private static Optional<Feed> feed(EntityStore store) throws InterruptedException {
    Optional<String> app = store.app();
    if (app.isEmpty()) {
      return Optional.empty();
    }
    return store.appState(app.get()).map(state -> new Feed(app.get(), state.userId()));
  }

  /** Whether there probably is an answer, that of a list without looking at it. */
  boolean mayAnswer(Feed feed, Question question) throws InterruptedException {
    boolean list = question.route().shape() == AnswerRoute.Shape.WHOLE && question.id() == 0;
    return list
        ? read(from -> state(from, feed, question).isPresent()).orElse(false)
        : find(feed, question).isPresent();
  }

  /** Answers a question; empty if only Discord can, or the store does not answer. */
  Optional<Found> find(Feed feed, Question question) throws InterruptedException {
    return read(from -> found(from, feed, question)).orElse(Optional.empty());
  }

  private Optional<Found> found(EntityStore from, Feed feed, Question question)
      throws InterruptedException {
    if (question.route().shape() == AnswerRoute.Shape.SELF) {
      return from.appState(feed.app()).filter(app -> !app.self().isEmpty()).map(KeptEntities::self);
    }
    Optional<InGuild> at = state(from, feed, question);
    if (at.isEmpty()) {
      return Optional.empty();
    }
    long guild = at.get().guild();
    GuildState state = at.get().state();
    Map<EntityType, SortedMap<Long, Body>> bodies =
        question.route().shape() == AnswerRoute.Shape.WHOLE
            ? from.all(feed.app(), guild, question.route().types())
            : byKey(from, feed, question.keys(guild, feed.userId()));
    try {
      Map<EntityType, SortedMap<Long, JsonObject>> entities = parsed(bodies);
      List<EntityKey> further = question.further(new Known(guild, feed.userId(), state, entities));
      if (!further.isEmpty()) {
        entities.putAll(parsed(byKey(from, feed, further)));
      }
      var known = new Known(guild, feed.userId(), state, entities);
      return Composition.answer(question, known, keeping)
          .map(answer -> new Found(answer, state.eventMillis()));
    } catch (InvalidEventException e) {
      LOG.warn("what is kept cannot be read guild={}: {}", guild, e.getMessage());
      return Optional.empty();
    }
  }

  private static Found self(AppState app) {
    return new Found(Composition.self(app.self()), app.caughtUpMillis());
  }

  private record InGuild(long guild, GuildState state) {}

  /** The guild that it is about, if what is kept of it may be relied on. */
  private Optional<InGuild> state(EntityStore from, Feed feed, Question question)
      throws InterruptedException {
    OptionalLong guild =
        question.guild().isPresent()
            ? question.guild()
            : from.guildsOf(feed.app(), List.of(question.id())).getFirst();
    if (guild.isEmpty()) {
      return Optional.empty();
    }
    GuildState state = from.records(feed.app(), List.of(guild.getAsLong())).getFirst().state();
    return question.isAnswerable(state, keeping)
        ? Optional.of(new InGuild(guild.getAsLong(), state))
        : Optional.empty();
  }

  private static Map<EntityType, SortedMap<Long, Body>> byKey(
      EntityStore from, Feed feed, List<EntityKey> keys) throws InterruptedException {
    List<Optional<Body>> bodies = from.get(feed.app(), keys);
    var byType = new EnumMap<EntityType, SortedMap<Long, Body>>(EntityType.class);
    for (int i = 0; i < keys.size(); i++) {
      if (bodies.get(i).isPresent()) {
        byType
            .computeIfAbsent(keys.get(i).type(), type -> new TreeMap<>())
            .put(keys.get(i).id(), bodies.get(i).get());
      }
    }
    return byType;
  }

  /** The same as objects. */
  Map<EntityType, SortedMap<Long, JsonObject>> parsed(Map<EntityType, SortedMap<Long, Body>> bodies)
      throws InvalidEventException {
    var parsed = new EnumMap<EntityType, SortedMap<Long, JsonObject>>(EntityType.class);
    for (var type : bodies.entrySet()) {
      var objects = new TreeMap<Long, JsonObject>();
      for (var entity : type.getValue().entrySet()) {
        objects.put(entity.getKey(), parsed(entity.getValue()));
      }
      parsed.put(type.getKey(), objects);
    }
    return parsed;
  }

  /** The same as an object. */
  JsonObject parsed(Body json) throws InvalidEventException {
    return reader.read(json.bytes());
  }

  @Override
  public void close() {
    calls.close();
  }
}
