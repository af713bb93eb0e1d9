package dev.spectacles.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import dev.spectacles.proxy.simulator.world.WorldSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Random histories of 10,000 events over 50 guilds: out of order within a millisecond, some of them
 * twice, some again after what they are about was deleted, some applied again after a crash.
 */
class GatewayHistoryTest {
  private static final int GUILDS = 50;
  private static final int EVENTS = 10_000;

  /** {@code -Dhistory.seeds=N} for more. */
  private static final int SEEDS = Integer.getInteger("history.seeds", 4);

  @TestFactory
  Stream<DynamicTest> unrulyHistory_endsAsTheWorldIs() {
    return histories(1, SEEDS);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> hundredUnrulyHistories_endAsTheWorldIs() {
    return histories(1000, 1099);
  }

  /** That a difference would be noticed. */
  @Test
  void lostEvents_areNoticed() throws InvalidEventException {
    var world = new World(WorldSettings.orderly(1, GUILDS));
    var events = history(world, EVENTS / 3);
    for (String lost :
        List.of("CHANNEL_DELETE", "THREAD_UPDATE", "GUILD_DELETE", "VOICE_STATE_UPDATE")) {
      var applied = new AppliedHistory();
      applied.apply(events.stream().filter(event -> !event.name().equals(lost)).toList());

      assertThat(applied.differences(world)).as("without %s", lost).isNotEmpty();
    }
  }

  private static Stream<DynamicTest> histories(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
  }

  private static void check(long seed) throws InvalidEventException {
    var world = new World(WorldSettings.unruly(seed, GUILDS));
    var applied = new AppliedHistory();

    applyWithCrashes(applied, applied.sorted(history(world, EVENTS)), new Random(seed));

    assertThat(applied.differences(world)).as("seed %d", seed).isEmpty();
  }

  private static List<WorldEvent> history(World world, int atLeast) {
    var events = new ArrayList<>(world.begin());
    while (events.size() < atLeast) {
      events.addAll(world.step());
    }
    events.addAll(world.settle());
    return events;
  }

  /** Now and then, what was applied and not acked comes once more from its beginning. */
  private static void applyWithCrashes(
      AppliedHistory applied, List<WorldEvent> events, Random random) throws InvalidEventException {
    int at = 0;
    while (at < events.size()) {
      int next = Math.min(at + 1 + random.nextInt(200), events.size());
      for (int times = random.nextInt(4) == 0 ? 2 : 1; times > 0; times--) {
        applied.apply(events.subList(at, next));
      }
      at = next;
    }
  }
}
