package dev.spectacles.proxy.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.simulator.scenario.WorldSpec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TalkTest {
  private static final WorldSpec SPEC = new WorldSpec(1, 1, 1, false);
  private static final long NOW = 1_780_000_000_000L;

  private final LiveWorld live = new LiveWorld(SPEC);
  private final World same = new World(LiveWorld.settings(SPEC));
  private final String channel = "/channels/" + aTextChannel();

  private long aTextChannel() {
    return same.ids(same.guilds().first(), EntityType.CHANNEL).stream()
        .filter(id -> ask("GET", "/channels/" + id, "").body().contains("\"type\":0,\"guild_id\""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void message_isReadEditedReactedToAndDeleted() {
    var sent = ask("POST", channel + "/messages", "{\"content\": \"é👍\", \"nonce\": \"n\"}");
    var path = channel + "/messages/" + id(sent);
    assertThat(sent.status()).isEqualTo(200);
    assertThat(fields(sent)).containsEntry("content", "é👍").containsEntry("nonce", "n");
    assertThat(ask("GET", path, "")).isEqualTo(sent);

    var edited = ask("PATCH", path, "{\"content\": \"b\"}");
    assertThat(fields(edited)).containsEntry("content", "b").containsEntry("id", id(sent));
    assertThat(fields(edited).get("edited_timestamp")).isNotEqualTo(JsonText.NULL);

    var reaction = path + "/reactions/%F0%9F%91%8D/@me";
    assertThat(ask("PUT", reaction, "").status()).isEqualTo(204);
    assertThat(ask("GET", path, "").body()).contains("\"name\":\"👍\"");
    assertThat(ask("DELETE", reaction, "").status()).isEqualTo(204);
    assertThat(ask("GET", path, "").body()).contains("\"reactions\":[]");

    assertThat(ask("DELETE", path, "").status()).isEqualTo(204);
    assertThat(ask("GET", path, "").status()).isEqualTo(404);
    assertThat(ask("GET", channel + "/messages", "").body()).isEqualTo("[]");
  }

  @Test
  void messages_ofTheSameMillisecond_areTold_lastFirst() {
    var first = ask("POST", channel + "/messages", "{\"content\": \"1\"}");
    var second = ask("POST", channel + "/messages", "{\"content\": \"2\"}");

    assertThat(ask("GET", channel + "/messages?limit=2", "").body())
        .isEqualTo("[" + second.body() + "," + first.body() + "]");
  }

  @Test
  void uploadedFile_isDescribed() {
    var body =
        """
        --x\r
        Content-Disposition: form-data; name="files[0]"; filename="a.txt"\r
        Content-Type: text/plain\r
        \r
        abc\r
        --x\r
        Content-Disposition: form-data; name="payload_json"\r
        \r
        {"content": "é"}\r
        --x--\r
        """;
    var sent = ask("POST", channel + "/messages", body, "multipart/form-data; boundary=x");

    assertThat(fields(sent)).containsEntry("content", "é");
    assertThat(sent.body())
        .contains("\"filename\":\"a.txt\",\"size\":3,")
        .contains("\"content_type\":\"text/plain\"")
        .contains("?hm=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void nothingAndNonsense_areRefused() {
    assertThat(ask("POST", channel + "/messages", "{}").status()).isEqualTo(400);
    assertThat(ask("POST", channel + "/messages", "{").body()).contains("50109");
    assertThat(ask("POST", "/channels/1/messages", "{\"content\": \"a\"}").status()).isEqualTo(404);
    assertThat(ask("PATCH", channel + "/messages/1", "{}").body()).contains("10008");
  }

  @Test
  void webhook_writesWithItsToken_untilItIsDeleted() {
    var made = ask("POST", channel + "/webhooks", "{\"name\": \"hook\"}");
    var path = "/webhooks/" + id(made) + "/" + fields(made).get("token");
    assertThat(ask("GET", channel + "/webhooks", "").body()).isEqualTo("[" + made.body() + "]");

    assertThat(ask("POST", path, "{\"content\": \"a\"}").status()).isEqualTo(204);
    var sent = ask("POST", path + "?wait=true", "{\"content\": \"a\"}");
    assertThat(fields(sent)).containsEntry("webhook_id", id(made));
    assertThat(sent.body()).contains("\"username\":\"hook\"");
    var message = path + "/messages/" + id(sent);
    assertThat(ask("PATCH", message, "{\"content\": \"b\"}").body()).contains("\"content\":\"b\"");
    assertThat(ask("DELETE", message, "").status()).isEqualTo(204);
    assertThat(ask("GET", message, "").status()).isEqualTo(404);

    assertThat(ask("PATCH", "/webhooks/" + id(made), "{\"name\": \"c\"}").body()).contains("\"c\"");
    assertThat(ask("POST", path + "x", "{\"content\": \"a\"}").status()).isEqualTo(404);
    assertThat(ask("DELETE", path, "").status()).isEqualTo(204);
    assertThat(ask("POST", path, "{\"content\": \"a\"}").body()).contains("10015");
  }

  @Test
  void interaction_isAnsweredOnce_andItsAnswerEdited() {
    var reply = "{\"type\": 4, \"data\": {\"content\": \"a\"}}";
    assertThat(ask("POST", "/interactions/7/t/callback", reply).status()).isEqualTo(204);
    assertThat(ask("POST", "/interactions/7/t/callback", reply).body()).contains("40060");
    assertThat(ask("POST", "/interactions/8/u/callback?with_response=true", reply).body())
        .contains("\"resource\":{\"type\":4,\"message\":{");

    var original = "/webhooks/" + same.app() + "/t/messages/@original";
    assertThat(ask("PATCH", original, "{\"content\": \"b\"}").body()).contains("\"content\":\"b\"");
    assertThat(ask("DELETE", original, "").status()).isEqualTo(204);
    assertThat(ask("GET", original, "").status()).isEqualTo(404);
    assertThat(ask("POST", "/webhooks/" + same.app() + "/t", "{\"content\": \"c\"}").status())
        .isEqualTo(200);
  }

  private RestAnswer ask(String method, String target, String body) {
    return ask(method, target, body, "application/json");
  }

  private RestAnswer ask(String method, String target, String body, String type) {
    return live.answer(method, target, body.getBytes(StandardCharsets.UTF_8), type, NOW)
        .orElseThrow();
  }

  private static Map<String, Object> fields(RestAnswer answer) {
    return JsonText.readObject(answer.body());
  }

  private static String id(RestAnswer answer) {
    return (String) fields(answer).get("id");
  }
}
