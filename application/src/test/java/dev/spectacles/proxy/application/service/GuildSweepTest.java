package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.entity.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done for all guilds asks the store for no more than it needs, and stays the leader. */
class GuildSweepTest {
  private static final String APP = "901";
  private static final int SHARDS = 16;
  private static final int GUILDS = 1_200;
  private static final Standing AVAILABLE = Standing.AVAILABLE;

  private final InMemoryEntityStore store = new InMemoryEntityStore(new ManualClock());
  private final List<List<Long>> asked = new ArrayList<>();
  private final GuildSweep sweep = new GuildSweep(watched(), new TinyJsonReader());
  private int renewals;
  private long leader;

  @BeforeEach
  void fill() {
    leader = store.lead(GatewayIngest.LEASE).orElseThrow();
    store.apply(
        leader,
        APP,
        LongStream.rangeClosed(1, GUILDS)
            .mapToObj(number -> new GuildChanges(guild(number), List.of(note())))
            .toList());
  }

  @Test
  void ready_readsNoRecordsOfOtherShards() throws InterruptedException {
    sweep.ready(leader, ready(3, List.of(guild(3))));

    List<Long> read = asked.stream().flatMap(List::stream).toList();
    assertThat(read).hasSize(GUILDS / SHARDS).allMatch(guild -> shard(guild) == 3);
    assertThat(standing(guild(3))).isEqualTo(Standing.UNAVAILABLE);
    assertThat(standing(guild(4))).isEqualTo(AVAILABLE);
    assertThat(standing(guild(3 + SHARDS))).as("left").isEqualTo(GuildState.UNKNOWN.standing());
  }

  @Test
  void ready_ofOneShard_renewsTheLeaseWithEachPage() throws InterruptedException {
    sweep.ready(leader, ready(3, List.of()));

    assertThat(renewals).isEqualTo(3);
  }

  @Test
  void sweepOfOneWhoDoesNotLeadAnyMore_ends() {
    store.resign();
    store.lead(GatewayIngest.LEASE);

    assertThatThrownBy(() -> sweep.ready(leader, ready(20, List.of())))
        .isInstanceOf(StaleLeaderException.class);
  }

  private static Effect.Ready ready(int shard, List<Long> guilds) {
    return new Effect.Ready(APP, JsonObject.EMPTY, 900, shard, SHARDS, guilds);
  }

  private static Change note() {
    return new Change.Note(GuildState.UNKNOWN.with(AVAILABLE));
  }

  private static long guild(long number) {
    return number << 22;
  }

  private static long shard(long guild) {
    return (guild >> 22) % SHARDS;
  }

  private Standing standing(long guild) {
    return store.records(APP, List.of(guild)).getFirst().state().standing();
  }

  /** The store; what it is asked for is noted. */
  private EntityStore watched() {
    return (EntityStore)
        Proxy.newProxyInstance(
            EntityStore.class.getClassLoader(),
            new Class<?>[] {EntityStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("records")) {
                asked.add(((List<?>) arguments[1]).stream().map(Long.class::cast).toList());
              } else if (method.getName().equals("lead")) {
                renewals++;
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
