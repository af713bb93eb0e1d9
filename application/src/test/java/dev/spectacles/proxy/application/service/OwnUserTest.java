package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.Ingestion.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bot's own user, where the events of several bots come in one stream. */
class OwnUserTest {
  private static final String APP = "901";

  private final InMemoryEntityStore store = new InMemoryEntityStore(new ManualClock());
  private Ingestion ingestion;

  @BeforeEach
  void tellWhoItIs() throws InterruptedException {
    ingestion = new Ingestion(store, APP);
    ingestion.apply(
        event(
            "READY",
            1,
            "{\"user\":{\"id\":\"900\",\"username\":\"ours\",\"bot\":true},"
                + "\"application\":{\"id\":\"901\"},\"shard\":[0,1],\"guilds\":[]}"));
  }

  @Test
  void ownUser_changed_isMerged() throws InterruptedException {
    ingestion.apply(updated("900", Optional.empty()));

    assertThat(self()).contains("\"username\":\"new\"", "\"bot\":true", "\"id\":\"900\"");
  }

  @Test
  void userOfAnotherId_changesNothing() throws InterruptedException {
    ingestion.apply(updated("800", Optional.empty()));

    assertThat(self()).contains("ours", "900").doesNotContain("new", "800");
  }

  @Test
  void userToldOfAnotherApplication_changesNothing() throws InterruptedException {
    ingestion.apply(updated("900", Optional.of("801")));

    assertThat(self()).contains("ours").doesNotContain("new");
  }

  private static Fed updated(String user, Optional<String> app) {
    Fed plain = event("USER_UPDATE", 2, "{\"id\":\"" + user + "\",\"username\":\"new\"}");
    return new Fed(plain.id(), plain.name(), plain.payload(), plain.millis(), app);
  }

  private String self() {
    return store.appState(APP).orElseThrow().self().utf8();
  }
}
