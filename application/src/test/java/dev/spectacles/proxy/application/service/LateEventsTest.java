package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.Ingestion.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is deleted stays deleted by the time of the events, however late they are read. */
class LateEventsTest {
  private static final String APP = "901";
  private static final long GUILD = 100;

  /** An hour and more ago, by any clock. */
  private static final long THEN = 1_000_000_000_000L;

  private static final long MINUTE = 60_000;

  private final InMemoryEntityStore store = new InMemoryEntityStore(new ManualClock());
  private Ingestion ingestion;

  @BeforeEach
  void tellTheGuild() throws InterruptedException {
    ingestion = new Ingestion(store, APP);
    ingestion.apply(
        event(
            "READY",
            THEN,
            "{\"user\":{\"id\":\"900\"},\"application\":{\"id\":\"901\"},\"shard\":[0,1],"
                + "\"guilds\":[{\"id\":\"100\",\"unavailable\":true}]}"),
        event(
            "GUILD_CREATE",
            THEN,
            "{\"id\":\"100\",\"member_count\":1,\"roles\":[{\"id\":\"100\"},{\"id\":\"101\"}],"
                + "\"members\":[{\"user\":{\"id\":\"7\"},\"roles\":[]}]}"));
  }

  @Test
  void deletionInABacklog_outlivesWhatComesLateAfterIt() throws InterruptedException {
    ingestion.apply(deletion(THEN + MINUTE));
    ingestion.apply(update(THEN + 2 * MINUTE));

    assertThat(roles()).containsExactly(100L);
  }

  @Test
  void deletionInABacklog_isStillKnown_whenAnotherInstanceTakesOver() throws InterruptedException {
    ingestion.apply(deletion(THEN + MINUTE));
    ingestion.crash();
    ingestion.apply(update(THEN + 2 * MINUTE));

    assertThat(roles()).containsExactly(100L);
  }

  @Test
  void eventsOfOneBatch_endTheSame_whenTheyAreAppliedAgain() throws InterruptedException {
    ingestion.apply(deletion(THEN + MINUTE));
    List<Fed> batch = List.of(update(THEN + 2 * MINUTE), unrelated(THEN + 60 * MINUTE));
    ingestion.apply(batch);
    ingestion.crash();
    ingestion.apply(batch);

    assertThat(roles()).containsExactly(100L);
  }

  @Test
  void deletion_isForgotten_whenNothingOfItsTimeCanComeAnyMore() throws InterruptedException {
    ingestion.apply(deletion(THEN + MINUTE));
    assertThat(burials()).containsExactly(new Burial(EntityType.ROLE, 101));
    ingestion.apply(unrelated(THEN + 15 * MINUTE));
    assertThat(burials()).hasSize(1);

    ingestion.apply(unrelated(THEN + 18 * MINUTE));

    assertThat(burials()).isEmpty();
  }

  @Test
  void memberWhoLeftAndCameBack_isThereAgain() throws InterruptedException {
    ingestion.apply(
        event("GUILD_MEMBER_REMOVE", THEN + 1, "{\"guild_id\":\"100\",\"user\":{\"id\":\"7\"}}"));
    ingestion.apply(joined(THEN + 4_000));
    assertThat(store.all(APP, GUILD, List.of(EntityType.MEMBER)).get(EntityType.MEMBER)).isEmpty();

    ingestion.apply(joined(THEN + 6_000));

    assertThat(store.all(APP, GUILD, List.of(EntityType.MEMBER)).get(EntityType.MEMBER))
        .containsOnlyKeys(7L);
  }

  private static Fed deletion(long millis) {
    return event("GUILD_ROLE_DELETE", millis, "{\"guild_id\":\"100\",\"role_id\":\"101\"}");
  }

  private static Fed update(long millis) {
    return event("GUILD_ROLE_UPDATE", millis, "{\"guild_id\":\"100\",\"role\":{\"id\":\"101\"}}");
  }

  private static Fed unrelated(long millis) {
    return event("GUILD_UPDATE", millis, "{\"id\":\"100\",\"name\":\"at " + millis + "\"}");
  }

  private static Fed joined(long millis) {
    return event(
        "GUILD_MEMBER_ADD", millis, "{\"guild_id\":\"100\",\"user\":{\"id\":\"7\"},\"roles\":[]}");
  }

  private Set<Long> roles() {
    return store.all(APP, GUILD, List.of(EntityType.ROLE)).get(EntityType.ROLE).keySet();
  }

  private Set<Burial> burials() {
    return store.records(APP, List.of(GUILD)).getFirst().buried().keySet();
  }
}
