package dev.spectacles.proxy.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorldTest {
  @Test
  void sameSeed_isTheSameHistory() {
    assertThat(history(WorldSettings.unruly(7, 10), 500))
        .isEqualTo(history(WorldSettings.unruly(7, 10), 500))
        .isNotEqualTo(history(WorldSettings.unruly(8, 10), 500));
  }

  @Test
  void history_hasEventsOfEveryKind() {
    var names =
        history(WorldSettings.unruly(1, 50), 10_000).stream()
            .collect(Collectors.groupingBy(WorldEvent::name, TreeMap::new, Collectors.counting()));

    assertThat(names.keySet())
        .containsExactlyInAnyOrder(
            "READY",
            "GUILD_CREATE",
            "GUILD_UPDATE",
            "GUILD_DELETE",
            "GUILD_EMOJIS_UPDATE",
            "GUILD_STICKERS_UPDATE",
            "GUILD_ROLE_CREATE",
            "GUILD_ROLE_UPDATE",
            "GUILD_ROLE_DELETE",
            "INTEGRATION_CREATE",
            "INTEGRATION_UPDATE",
            "INTEGRATION_DELETE",
            "AUTO_MODERATION_RULE_CREATE",
            "AUTO_MODERATION_RULE_UPDATE",
            "AUTO_MODERATION_RULE_DELETE",
            "CHANNEL_CREATE",
            "CHANNEL_UPDATE",
            "CHANNEL_DELETE",
            "CHANNEL_PINS_UPDATE",
            "CHANNEL_INFO",
            "VOICE_CHANNEL_STATUS_UPDATE",
            "VOICE_CHANNEL_START_TIME_UPDATE",
            "THREAD_CREATE",
            "THREAD_UPDATE",
            "THREAD_DELETE",
            "THREAD_LIST_SYNC",
            "THREAD_MEMBER_UPDATE",
            "THREAD_MEMBERS_UPDATE",
            "STAGE_INSTANCE_CREATE",
            "STAGE_INSTANCE_UPDATE",
            "STAGE_INSTANCE_DELETE",
            "GUILD_MEMBER_ADD",
            "GUILD_MEMBER_UPDATE",
            "GUILD_MEMBER_REMOVE",
            "GUILD_MEMBERS_CHUNK",
            "PRESENCE_UPDATE",
            "VOICE_STATE_UPDATE",
            "USER_UPDATE",
            "GUILD_SCHEDULED_EVENT_CREATE",
            "GUILD_SCHEDULED_EVENT_UPDATE",
            "GUILD_SCHEDULED_EVENT_DELETE",
            "GUILD_SCHEDULED_EVENT_USER_ADD",
            "GUILD_SOUNDBOARD_SOUND_CREATE",
            "GUILD_SOUNDBOARD_SOUND_UPDATE",
            "GUILD_SOUNDBOARD_SOUND_DELETE",
            "GUILD_SOUNDBOARD_SOUNDS_UPDATE",
            "SOUNDBOARD_SOUNDS");
  }

  @Test
  void everyEvent_isAnObjectAndNeverGoesBackInTime() {
    long last = 0;
    for (var event : history(WorldSettings.unruly(3, 20), 2000)) {
      assertThat(JsonText.readObject(event.json())).isNotEmpty();
      assertThat(event.millis()).isGreaterThanOrEqualTo(last);
      last = event.millis();
    }
  }

  @Test
  void syntheticMix_isOfTheSizeThatWasMeasured() {
    var world = new World(WorldSettings.orderly(1, 50).with(GuildMix.SYNTHETIC));

    double bytes =
        world.guilds().stream()
            .flatMap(guild -> world.kept(guild).values().stream())
            .flatMap(entities -> entities.values().stream())
            .mapToInt(json -> json.getBytes(StandardCharsets.UTF_8).length)
            .sum();

    assertThat(bytes / 50).isBetween(35_500.0, 37_500.0);
    var kept = world.kept(world.guilds().first());
    var counts = new TreeMap<String, Integer>();
    kept.forEach((type, entities) -> counts.put(type.key(), entities.size()));
    counts.values().removeIf(count -> count == 0);
    assertThat(counts)
        .isEqualTo(
            Map.of(
                "guild",
                1,
                "roles",
                25,
                "channels",
                35,
                "threads",
                5,
                "emojis",
                15,
                "stickers",
                1,
                "voice",
                3,
                "members",
                4));
  }

  @Test
  void syntheticGuilds_areManyAndSeveral() {
    var guilds = new SyntheticGuilds(1);
    var first = guilds.next();

    assertThat(first.name()).isEqualTo("GUILD_CREATE");
    assertThat(guilds.next().json()).isNotEqualTo(first.json()).hasSizeBetween(33_000, 40_000);
    assertThat(guilds.ready(List.of(5L)).json()).contains("{\"id\":\"5\",\"unavailable\":true}");
  }

  @Test
  void hiddenChannel_isInNoListAndForbidden() {
    var world = new World(WorldSettings.orderly(5, 5));
    var rest = new WorldRest(world);
    while (world.guilds().stream().allMatch(guild -> world.hiddenChannels(guild).isEmpty())) {
      world.step();
    }
    long guild =
        world.guilds().stream()
            .filter(each -> !world.hiddenChannels(each).isEmpty())
            .findFirst()
            .orElseThrow();
    long hidden = world.hiddenChannels(guild).first();

    assertThat(rest.get("/channels/" + hidden).orElseThrow().status()).isEqualTo(403);
    assertThat(rest.get("/guilds/" + guild + "/channels").orElseThrow().body())
        .doesNotContain("\"id\":\"" + hidden + '"');
    assertThat(world.kept(guild).get(EntityType.CHANNEL).get(hidden)).contains("___hidden___");
  }

  @Test
  void restAnswer_isLikeItselfOnEveryPath() {
    var world = new World(WorldSettings.orderly(2, 2));
    var rest = new WorldRest(world);
    var paths = rest.paths(world.guilds().first());

    assertThat(paths).hasSizeGreaterThan(20);
    for (String path : paths) {
      var answer = rest.get(path).orElseThrow();
      assertThat(answer.status()).as(path).isIn(200, 403);
      if (answer.status() == 200) {
        assertThat(Fidelity.faithfulDifferences(path, answer.body(), answer.body())).isEmpty();
      }
    }
  }

  @Test
  void anythingButTheDeclaredLosses_isADifference() {
    var real = "{\"id\":\"1\",\"name\":\"a\",\"volume\":1.0,\"user\":{\"id\":\"2\"}}";

    assertThat(
            differences("/guilds/1/emojis/1", real, "{\"volume\":1.0,\"id\":\"1\",\"name\":\"a\"}"))
        .isEmpty();
    assertThat(
            differences("/guilds/1/emojis/1", real, "{\"volume\":1,\"id\":\"1\",\"name\":\"a\"}"))
        .containsExactly("/guilds/#/emojis/#.volume: 1 (expected: 1.0)");
    assertThat(differences("/guilds/1/roles/1", real, "{\"volume\":1.0,\"id\":\"1\",\"x\":null}"))
        .containsExactlyInAnyOrder(
            "/guilds/#/roles/#.name: missing",
            "/guilds/#/roles/#.user: missing",
            "/guilds/#/roles/#.x: not expected");
    assertThat(
            differences("/guilds/1/roles", "[{\"id\":\"1\"},{\"id\":\"2\"}]", "[{\"id\":\"2\"}]"))
        .containsExactly("/guilds/#/roles[1]: missing");
  }

  private static List<String> differences(String path, String real, String made) {
    return Fidelity.differences(path, real, made);
  }

  private static List<WorldEvent> history(WorldSettings settings, int events) {
    var world = new World(settings);
    var history = new ArrayList<>(world.begin());
    while (history.size() < events) {
      history.addAll(world.step());
    }
    history.addAll(world.settle());
    return history;
  }
}
