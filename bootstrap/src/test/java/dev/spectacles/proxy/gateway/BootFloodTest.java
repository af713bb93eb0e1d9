package dev.spectacles.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.simulator.world.SyntheticGuilds;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A large bot's gateways start, and what is kept is in memory: as many guilds as there is room for,
 * whole, and none beyond it.
 */
class BootFloodTest {
  /** As promised for guilds of the usual size. */
  private static final long MOST_PER_GUILD = 45_000;

  private static final long ROOM = 32L << 20;
  private static final int PAGE = 100;

  @Test
  void twoThousandGuilds_stayWithinTheirRoom() throws Exception {
    flood(2_000);
  }

  @Test
  @Tag("slow")
  void hundredThousandGuilds_stayWithinTheirRoom() throws Exception {
    flood(100_000);
  }

  private static void flood(int guilds) throws Exception {
    var world = new SyntheticGuilds(1);
    try (var cache = new FedCache(ROOM)) {
      cache.publish(List.of(world.ready(List.of())));
      for (int sent = 0; sent < guilds; sent += PAGE) {
        var events = new ArrayList<WorldEvent>();
        for (int i = 0; i < PAGE; i++) {
          events.add(world.next());
        }
        cache.publish(events);
        cache.catchUp();
      }
      List<Long> kept = cache.guilds();
      assertThat(cache.bytes()).isBetween(ROOM / 2, ROOM);
      assertThat(kept).hasSizeGreaterThan((int) (ROOM / MOST_PER_GUILD));
      assertThat(cache.dropped()).isEqualTo(guilds - kept.size());
      for (long guild : List.of(kept.getFirst(), kept.getLast())) {
        assertThat(cache.state(guild).standing()).isEqualTo(Standing.AVAILABLE);
        for (var count : cache.state(guild).counts().entrySet()) {
          assertThat(cache.kept(guild).get(count.getKey())).hasSize(count.getValue());
        }
      }
    }
  }
}
