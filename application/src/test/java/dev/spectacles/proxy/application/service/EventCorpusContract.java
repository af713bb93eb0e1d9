package dev.spectacles.proxy.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.EventRules;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EntityStore} is left with after a history that has every event there is, told
 * in whatever way: the same, be it told in batches, shuffled within a millisecond, three times, or
 * with crashes between what was applied and its ack. Nobody leads the subject's feed.
 */
public interface EventCorpusContract {
  /** Store under test, the same during one test. */
  EntityStore store();

  @Test
  default void eventsOneByOne_endAsTheyShould() throws Exception {
    String app = app();
    var ingestion = new Ingestion(store(), app);
    for (Fed event : corpus(app)) {
      ingestion.apply(event);
    }
    assertThat(content(store(), app)).isEqualTo(expected());
  }

  @Test
  default void eventsAtOnce_endTheSame() throws Exception {
    String app = app();
    new Ingestion(store(), app).apply(corpus(app));
    assertThat(content(store(), app)).isEqualTo(expected());
  }

  @Test
  default void eventsShuffledWithinAMillisecond_endTheSame() throws Exception {
    Map<String, Integer> ranks = new HashMap<>();
    new EventRules(EnumSet.allOf(EntityType.class))
        .names()
        .forEach(name -> ranks.put(name, ranks.size()));
    for (int seed = 0; seed < 5; seed++) {
      String app = app();
      var random = new Random(seed);
      var events = new ArrayList<Fed>();
      corpus(app).stream()
          .collect(groupingBy(Fed::millis, TreeMap::new, toList()))
          .values()
          .forEach(same -> events.addAll(interleaved(same, random)));
      events.sort(
          Comparator.comparingLong(Fed::millis).thenComparing(event -> ranks.get(event.name())));
      inBatches(new Ingestion(store(), app), events, random);
      assertThat(content(store(), app)).as("seed %d", seed).isEqualTo(expected());
    }
  }

  @Test
  default void eachEventThreeTimes_endsTheSame() throws Exception {
    String app = app();
    var tripled =
        corpus(app).stream().flatMap(event -> Collections.nCopies(3, event).stream()).toList();
    inBatches(new Ingestion(store(), app), tripled, new Random(1));
    assertThat(content(store(), app)).isEqualTo(expected());
  }

  @Test
  default void crashesBetweenApplyAndAck_endTheSame() throws Exception {
    for (int seed = 0; seed < 10; seed++) {
      String app = app();
      var random = new Random(seed);
      List<Fed> events = corpus(app);
      var ingestion = new Ingestion(store(), app);
      int acked = 0;
      while (acked < events.size()) {
        int to = Math.min(acked + random.nextInt(1, 20), events.size());
        ingestion.apply(events.subList(acked, to));
        if (random.nextBoolean()) {
          ingestion.crash();
        } else {
          acked = to;
        }
      }
      assertThat(content(store(), app)).as("seed %d", seed).isEqualTo(expected());
    }
  }

  private static void inBatches(Ingestion ingestion, List<Fed> events, Random random)
      throws InterruptedException {
    for (int at = 0; at < events.size(); ) {
      int to = Math.min(at + random.nextInt(1, 20), events.size());
      ingestion.apply(events.subList(at, to));
      at = to;
    }
  }

  /** In any order, but for those of one name. */
  private static List<Fed> interleaved(List<Fed> events, Random random) {
    var left = new ArrayList<>(events);
    var interleaved = new ArrayList<Fed>();
    while (!left.isEmpty()) {
      String name = left.get(random.nextInt(left.size())).name();
      Fed first =
          left.stream().filter(event -> event.name().equals(name)).findFirst().orElseThrow();
      left.remove(first);
      interleaved.add(first);
    }
    return interleaved;
  }

  /** One event at a time, in maps. */
  private static Map<String, Object> expected() throws Exception {
    String app = app();
    var store = new InMemoryEntityStore(new ManualClock());
    var ingestion = new Ingestion(store, app);
    for (Fed event : corpus(app)) {
      ingestion.apply(event);
    }
    Map<String, Object> content = content(store, app);
    assertThat(content).containsKeys("self", "100", "200").hasSize(4);
    return content;
  }

  /** All that is kept of an application, to compare. */
  private static Map<String, Object> content(EntityStore store, String app) throws Exception {
    long end = corpus(app).getLast().millis();
    var content = new TreeMap<String, Object>();
    content.put(
        "self", new TinyJsonReader().read(store.appState(app).orElseThrow().self().bytes()));
    var channels = new TreeMap<Long, Object>();
    for (long guild : store.guilds(app, 0, 100)) {
      GuildRecord record = store.records(app, List.of(guild)).getFirst();
      var buried = new HashMap<>(record.buried());
      // When those that are over are forgotten depends on where batches end.
      buried.values().removeIf(until -> until <= end);
      Map<EntityType, SortedMap<Long, Body>> all =
          store.all(app, guild, List.of(EntityType.values()));
      var entities = new TreeMap<EntityType, Object>();
      for (EntityType type : EntityType.values()) {
        entities.put(type, parsed(all.getOrDefault(type, Collections.emptySortedMap())));
      }
      content.put(Long.toString(guild), List.of(record.state(), buried, entities));
      for (EntityType type : List.of(EntityType.CHANNEL, EntityType.THREAD)) {
        Collection<Long> ids = all.get(type).keySet();
        for (long id : ids) {
          channels.put(id, store.guildsOf(app, List.of(id)));
        }
      }
    }
    content.put("channels", channels);
    return content;
  }

  private static Map<Long, Object> parsed(SortedMap<Long, Body> entities)
      throws InvalidEventException {
    var parsed = new TreeMap<Long, Object>();
    for (Map.Entry<Long, Body> entity : entities.entrySet()) {
      parsed.put(entity.getKey(), new TinyJsonReader().read(entity.getValue().bytes()));
    }
    return parsed;
  }

  private static List<Fed> corpus(String app) {
    String name = "/dev/spectacles/proxy/domain/entity/corpus.txt";
    try (var in = EventCorpusContract.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 3))
          .map(
              line ->
                  Ingestion.event(
                      line[1],
                      Long.parseLong(line[0]),
                      line[2].replace(
                          "\"application\":{\"id\":\"901\"",
                          "\"application\":{\"id\":\"" + app + "\"")))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String app() {
    return Long.toString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 62));
  }
}
