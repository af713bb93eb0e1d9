package dev.spectacles.proxy.domain.entity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One history with every event that there is: told in whatever way, it ends in the same state. */
class CorpusTest {
  private static final Set<EntityType> ALL = EnumSet.allOf(EntityType.class);

  private final EventRules rules = new EventRules(ALL, OptionalLong.of(900));
  private final List<GatewayEvent> corpus = corpus();
  private final Object expected = told(corpus).whole();

  @Test
  void corpus_hasEveryEvent() {
    assertThat(corpus.stream().map(GatewayEvent::name).distinct())
        .containsExactlyInAnyOrderElementsOf(rules.names());
  }

  @Test
  void end_isAsItIsKnownToBe() {
    TestWorld world = told(corpus);
    TestGuild guild = world.guild(100);
    Map<String, Set<Long>> ids =
        Arrays.stream(EntityType.values())
            .collect(
                toMap(
                    EntityType::key, type -> guild.kept(type).keySet(), (a, b) -> a, TreeMap::new));

    assertThat(world.known()).containsExactly(100L, 200L);
    assertThat(ids)
        .containsEntry("guild", Set.of(100L))
        .containsEntry("roles", Set.of(100L, 102L))
        .containsEntry("emojis", Set.of(110L, 111L))
        .containsEntry("stickers", Set.of(121L))
        .containsEntry("channels", Set.of(130L, 131L, 132L, 134L, 135L))
        .containsEntry("threads", Set.of(146L))
        .containsEntry("voice", Set.of(3L))
        .containsEntry("stages", Set.of(134L))
        .containsEntry("events", Set.of(161L))
        .containsEntry("sounds", Set.of(171L))
        .containsEntry("members", Set.of(1L, 3L, 900L))
        .containsEntry("presences", Set.of(3L))
        .containsEntry("chaninfo", Set.of(131L))
        .containsEntry("automod", Set.of(190L))
        .containsEntry("integrations", Set.of(180L));
    assertThat(guild.kept(EntityType.MEMBER).get(3L))
        .isEqualTo(
            TestJson.object(
                "{'user':{'id':'3','username':'cid3'},'roles':['102'],'nick':'C','joined_at':'2026'}"));
    assertThat(guild.kept(EntityType.CHANNEL).get(130L).id("last_message_id")).hasValue(601);
    assertThat(guild.kept(EntityType.CHANNEL).get(135L))
        .isEqualTo(
            TestJson.object(
                "{'id':'135','guild_id':'100','type':0,'name':'fresher','last_message_id':'700'}"));
    assertThat(guild.kept(EntityType.GUILD).get(100L).number("member_count")).hasValue(3);
    assertThat(world.guild(200).kept(EntityType.MEMBER)).containsOnlyKeys(5L, 900L);
    assertThat(world.self().text("username")).contains("bot2");
    assertThat(expected.toString()).doesNotContain("secret");
  }

  @Test
  void shuffledWithinAMillisecond_sortedByRank_endsTheSame() {
    Map<String, Integer> ranks = new TreeMap<>();
    rules.names().forEach(name -> ranks.put(name, ranks.size()));
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var shuffled = new ArrayList<GatewayEvent>();
      for (List<GatewayEvent> same :
          corpus.stream()
              .collect(groupingBy(GatewayEvent::millis, TreeMap::new, toList()))
              .values()) {
        // The order within one stream is never lost.
        shuffled.addAll(interleaved(same, random));
      }
      shuffled.sort(
          Comparator.comparingLong(GatewayEvent::millis)
              .thenComparing(event -> ranks.get(event.name())));
      assertThat(told(shuffled).whole()).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void eachEventThreeTimes_endsTheSame() {
    var tripled = corpus.stream().flatMap(event -> Collections.nCopies(3, event).stream()).toList();

    assertThat(told(tripled).whole()).isEqualTo(expected);
  }

  @Test
  void replayedFromAnyAck_afterAnyCut_endsTheSame() {
    for (int cut = 1; cut <= corpus.size(); cut++) {
      for (int ack = 0; ack < cut; ack++) {
        TestWorld world = told(corpus.subList(0, cut));
        world.tell(corpus.subList(ack, corpus.size()));
        assertThat(world.whole()).as("cut at %d, acked %d", cut, ack).isEqualTo(expected);
      }
    }
  }

  @Test
  void crashesWithoutEnd_endTheSame() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var world = new TestWorld(rules);
      int ack = 0;
      while (ack < corpus.size()) {
        int cut = ack + random.nextInt(1, 20);
        world.tell(corpus.subList(ack, Math.min(cut, corpus.size())));
        ack = random.nextBoolean() ? ack + random.nextInt(cut - ack) : cut;
      }
      assertThat(world.whole()).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void typeThatIsNotKept_isNot_andNothingElseIsDifferent(EntityType left) {
    var kept = EnumSet.complementOf(EnumSet.of(left));
    var world = new TestWorld(new EventRules(kept, OptionalLong.of(900)));
    world.tell(corpus);
    TestWorld all = told(corpus);

    for (long guild : all.known()) {
      assertThat(world.guild(guild).kept(left)).isEmpty();
      for (EntityType type : kept) {
        if (type != EntityType.GUILD || left != EntityType.MEMBER) {
          assertThat(world.guild(guild).kept(type)).isEqualTo(all.guild(guild).kept(type));
        }
      }
    }
  }

  @Test
  void nothingKept_isNothing() {
    var world = new TestWorld(new EventRules(Set.of()));
    world.tell(corpus);

    assertThat(Stream.of(EntityType.values()))
        .allMatch(type -> world.guild(100).kept(type).isEmpty());
  }

  private TestWorld told(List<GatewayEvent> events) {
    var world = new TestWorld(rules);
    world.tell(events);
    return world;
  }

  /** In any order, but for those of one name. */
  private static List<GatewayEvent> interleaved(List<GatewayEvent> events, Random random) {
    var left = new ArrayList<>(events);
    var interleaved = new ArrayList<GatewayEvent>();
    while (!left.isEmpty()) {
      String name = left.get(random.nextInt(left.size())).name();
      GatewayEvent first =
          left.stream().filter(event -> event.name().equals(name)).findFirst().orElseThrow();
      left.remove(first);
      interleaved.add(first);
    }
    return interleaved;
  }

  private static List<GatewayEvent> corpus() {
    try (var in = CorpusTest.class.getResourceAsStream("corpus.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 3))
          .map(line -> TestJson.event(line[1], Long.parseLong(line[0]), line[2]))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
