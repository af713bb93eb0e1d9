package dev.spectacles.proxy.adapter.caffeine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EntityStoreContract;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.service.EventCorpusContract;
import dev.spectacles.proxy.domain.entity.Change.Note;
import dev.spectacles.proxy.domain.entity.Change.Put;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeapEntityStoreTest implements EntityStoreContract, EventCorpusContract {
  private static final String APP = "1";

  private final ManualClock clock = new ManualClock();
  private final HeapEntityStore store = new HeapEntityStore(1L << 30, clock);

  @Override
  public EntityStore store() {
    return store;
  }

  @Override
  public EntityStore another() {
    return store;
  }

  @Override
  public Optional<EntityStore> withRoomFor(long bytes) {
    return Optional.of(new HeapEntityStore(bytes, clock));
  }

  @Override
  public void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  public Instant now() {
    return clock.wallTime();
  }

  @Test
  void guildOfWhichOnlyItsStateIsKnown_wasNotTakenInYet() {
    var small = new HeapEntityStore(5_000, clock);
    long leader = small.lead(LONG).orElseThrow();
    var noted = new GuildChanges(GUILD, List.of(new Note(GuildState.UNKNOWN)));
    assertThat(small.apply(leader, APP, List.of(noted))).isEmpty();
    Body large = Body.of(new byte[6_000]);
    var told = new GuildChanges(GUILD, List.of(new Put(EntityType.GUILD, GUILD, large)));
    assertThat(small.apply(leader, APP, List.of(told))).containsExactly(GUILD);
    assertThat(small.all(APP, GUILD, List.of(EntityType.GUILD)).get(EntityType.GUILD)).isEmpty();
    assertThat(small.guilds(APP, 0, 2)).containsExactly(GUILD);
  }
}
