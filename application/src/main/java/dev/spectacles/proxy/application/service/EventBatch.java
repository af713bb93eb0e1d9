package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.service.GuildDrafts.Step;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.JsonReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Events of guilds that are applied together, those of one guild in their order. Not thread-safe.
 */
final class EventBatch {
  /** Guilds have nothing to do with one another: a store may deal with several at a time. */
  private static final int PARTS = 4;

  private static final int SMALLEST_PART = 4;

  private static final ThreadFactory THREADS =
      Thread.ofVirtual().name("gateway-guilds-", 0).factory();

  private final EntityStore store;
  private final JsonReader reader;
  private final long since;
  private final Duration ttl;
  private final Map<Long, List<Step>> guilds = new LinkedHashMap<>();

  /**
   * Empty batch.
   *
   * @param since nothing of before then comes any more, not even again; milliseconds since 1970
   * @param ttl how long what is personal is kept
   */
  EventBatch(EntityStore store, JsonReader reader, long since, Duration ttl) {
    this.store = store;
    this.reader = reader;
    this.since = since;
    this.ttl = ttl;
  }

  void add(GatewayEvent event, Effect.OnGuild effect) {
    add(new Step(event, effect, false));
  }

  /** Adds what an answer of Discord's teaches; its time is that of the request. */
  void addLesson(GatewayEvent event, Effect.OnGuild effect) {
    add(new Step(event, effect, true));
  }

  boolean isEmpty() {
    return guilds.isEmpty();
  }

  /**
   * Applies them.
   *
   * @return guilds that the store has no room for
   */
  List<Long> apply(long leader, String app) throws InterruptedException {
    List<GuildDrafts> parts = parts();
    if (parts.size() == 1) {
      return parts.getFirst().apply(leader, app);
    }
    var refused = new ArrayList<Long>();
    List<Callable<List<Long>>> tasks =
        parts.stream().<Callable<List<Long>>>map(part -> () -> part.apply(leader, app)).toList();
    try (var threads = Executors.newThreadPerTaskExecutor(THREADS)) {
      for (Future<List<Long>> part : threads.invokeAll(tasks)) {
        refused.addAll(part.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("applying events failed", e.getCause());
    }
    return refused;
  }

  private void add(Step step) {
    guilds.computeIfAbsent(step.effect().guild(), any -> new ArrayList<>()).add(step);
  }

  private List<GuildDrafts> parts() {
    int count = Math.clamp(guilds.size() / SMALLEST_PART, 1, PARTS);
    var parts = new ArrayList<GuildDrafts>();
    for (int i = 0; i < count; i++) {
      parts.add(new GuildDrafts(store, reader, since, ttl));
    }
    int next = 0;
    for (List<Step> guild : guilds.values()) {
      parts.get(next++ % count).add(guild);
    }
    return parts;
  }
}
