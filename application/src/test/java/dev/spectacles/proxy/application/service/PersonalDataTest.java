package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.Ingestion.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members and presences are kept for a time only, and what is left does not pass for all. */
class PersonalDataTest {
  private static final String APP = "901";
  private static final long GUILD = 100;
  private static final Duration NEARLY = Ingestion.TTL.minusSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final InMemoryEntityStore store = new InMemoryEntityStore(clock);
  private long millis = 1_000;
  private Ingestion ingestion;

  @BeforeEach
  void tellTheGuild() throws InterruptedException {
    ingestion = new Ingestion(store, APP);
    ingestion.apply(
        event(
            "READY",
            millis,
            "{\"user\":{\"id\":\"900\"},\"application\":{\"id\":\"901\"},\"shard\":[0,1],"
                + "\"guilds\":[{\"id\":\"100\",\"unavailable\":true}]}"),
        guild());
  }

  @Test
  void membersAndPresences_areGoneInTime_howeverOftenTheyAreToldOf() throws InterruptedException {
    clock.advance(NEARLY);
    ingestion.apply(joined(9));
    assertThat(ids(EntityType.MEMBER)).containsExactly(7L, 8L, 9L);
    assertThat(ids(EntityType.PRESENCE)).containsExactly(7L);

    clock.advance(Duration.ofSeconds(1));

    assertThat(ids(EntityType.MEMBER)).isEmpty();
    assertThat(ids(EntityType.PRESENCE)).isEmpty();
    assertThat(ids(EntityType.ROLE)).as("not personal").containsExactly(100L);
  }

  @Test
  void membersToldAfterwards_areFewerThanTheirCount() throws InterruptedException {
    clock.advance(Ingestion.TTL);
    ingestion.apply(joined(9));
    ingestion.apply(joined(10));

    assertThat(ids(EntityType.MEMBER)).containsExactly(9L, 10L);
    assertThat(state().count(EntityType.MEMBER)).isEqualTo(4);
  }

  @Test
  void memberWhoLeavesUnknown_showsThatNotAllAreKnown() throws InterruptedException {
    assertThat(state().membersComplete()).isTrue();
    clock.advance(Ingestion.TTL);
    ingestion.apply(left(7));

    assertThat(state().membersComplete()).isFalse();
  }

  @Test
  void memberWhoLeavesTwice_changesNothing() throws InterruptedException {
    Fed left = left(7);
    ingestion.apply(left, left);
    ingestion.apply(left);

    assertThat(state().membersComplete()).isTrue();
    assertThat(state().count(EntityType.MEMBER)).isEqualTo(1);
  }

  @Test
  void guildToldAgain_isWholeAgain() throws InterruptedException {
    clock.advance(Ingestion.TTL);
    ingestion.apply(guild());
    clock.advance(NEARLY);

    assertThat(ids(EntityType.MEMBER)).containsExactly(7L, 8L);
    assertThat(state().count(EntityType.MEMBER)).isEqualTo(2);
  }

  @Test
  void purgedUser_isLeftInNothing() throws InterruptedException {
    ingestion.apply(
        event(
            "GUILD_EMOJIS_UPDATE",
            ++millis,
            "{\"guild_id\":\"100\",\"emojis\":[{\"id\":\"20\",\"name\":\"e\",\"user\":{\"id\":\"7\"}},"
                + "{\"id\":\"21\",\"user\":{\"id\":\"8\"}}]}"),
        event(
            "GUILD_SCHEDULED_EVENT_CREATE",
            ++millis,
            "{\"id\":\"30\",\"guild_id\":\"100\",\"name\":\"party\",\"creator\":{\"id\":\"7\"}}"));

    ingestion.apply(event("SPECTACLES_CACHE", ++millis, "{\"op\":\"purge_user\",\"id\":\"7\"}"));

    assertThat(ids(EntityType.MEMBER)).containsExactly(8L);
    assertThat(ids(EntityType.PRESENCE)).isEmpty();
    assertThat(text(EntityType.EMOJI, 20)).isEqualTo("{\"id\":\"20\",\"name\":\"e\"}");
    assertThat(text(EntityType.EMOJI, 21)).contains("\"user\":{\"id\":\"8\"}");
    assertThat(text(EntityType.EVENT, 30)).contains("party").doesNotContain("creator");
    assertThat(state().count(EntityType.EMOJI)).isEqualTo(2);
  }

  private String text(EntityType type, long id) {
    return store.all(APP, GUILD, List.of(type)).get(type).get(id).utf8();
  }

  private Fed guild() {
    return event(
        "GUILD_CREATE",
        ++millis,
        "{\"id\":\"100\",\"member_count\":2,\"roles\":[{\"id\":\"100\"}],"
            + "\"members\":[{\"user\":{\"id\":\"7\"}},{\"user\":{\"id\":\"8\"}}],"
            + "\"presences\":[{\"user\":{\"id\":\"7\"},\"status\":\"idle\"}]}");
  }

  private Fed joined(long user) {
    return event(
        "GUILD_MEMBER_ADD",
        ++millis,
        "{\"guild_id\":\"100\",\"user\":{\"id\":\"" + user + "\"},\"roles\":[]}");
  }

  private Fed left(long user) {
    return event(
        "GUILD_MEMBER_REMOVE",
        ++millis,
        "{\"guild_id\":\"100\",\"user\":{\"id\":\"" + user + "\"}}");
  }

  private Set<Long> ids(EntityType type) {
    return store.all(APP, GUILD, List.of(type)).get(type).keySet();
  }

  private GuildState state() {
    return store.records(APP, List.of(GUILD)).getFirst().state();
  }
}
