package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityJsonTest {
  private static final String GUILD =
      """
      { "id": "9007199254740993", "x":18446744073709551615,
        "roles":[], "empty": {}, "n":[ 1.0, 1e3, -0, 0.10 ,12345678901234567 ],
        "name" : "a \\"q\\" \\u00e9 é 👍 \\ud83d\\udc4d \\ud800 \\\\",
        "t":true,"f":false , "z":null ,
        "members":[ {"roles":["1", "2"],"user":{"id":"7","a":{"b":{"c":[1, 2]}}}} ] }
      """;

  private final EntityJson json = new EntityJson(1 << 20);

  @Test
  void bytes_stayAsTheyAre() throws Exception {
    assertThat(text(read(GUILD))).isEqualTo(GUILD.strip());
  }

  @Test
  void members_keepTheirOrderAndForm() throws Exception {
    JsonObject guild = read(GUILD);

    assertThat(guild.members().sequencedKeySet())
        .containsExactly("id", "x", "roles", "empty", "n", "name", "t", "f", "z", "members");
    assertThat(guild.id("id")).hasValue(9007199254740993L);
    assertThat(guild.id("x")).hasValue(-1L);
    assertThat(text(guild.get("roles").orElseThrow())).isEqualTo("[]");
    assertThat(text(guild.get("empty").orElseThrow())).isEqualTo("{}");
    assertThat(guild.get("n"))
        .hasValueSatisfying(
            n ->
                assertThat(((JsonArray) n).items())
                    .extracting(EntityJsonTest::text)
                    .containsExactly("1.0", "1e3", "-0", "0.10", "12345678901234567"));
    assertThat(text(guild.get("name").orElseThrow()))
        .isEqualTo("\"a \\\"q\\\" \\u00e9 é 👍 \\ud83d\\udc4d \\ud800 \\\\\"");
    assertThat(guild.isTrue("t")).isTrue();
    assertThat(guild.isTrue("f")).isFalse();
    assertThat(guild.get("z")).contains(JsonScalar.NULL);
  }

  @Test
  void change_leavesTheRestAsItIs() throws Exception {
    JsonObject changed = read(GUILD).with("t", JsonScalar.of(5)).without(Set.of("x"));

    assertThat(text(changed))
        .startsWith("{\"id\":\"9007199254740993\",\"roles\":[],\"empty\":{},\"n\":[1.0,1e3,-0,")
        .contains("\"t\":5,\"f\":false,\"z\":null,\"members\":[{\"roles\":[\"1\", \"2\"],");
    assertThat(read(text(changed))).isEqualTo(changed);
  }

  @Test
  void user_ofAMemberInAList_isLookedInto_butNothingMuchDeeper() throws Exception {
    JsonObject user = read(GUILD).objects("members").getFirst().object("user").orElseThrow();

    assertThat(user.id("id")).hasValue(7L);
    assertThat(user.object("a").orElseThrow().get("b")).get().isInstanceOf(JsonScalar.class);
    assertThat(text(user.object("a").orElseThrow().get("b").orElseThrow()))
        .isEqualTo("{\"c\":[1, 2]}");
  }

  @Test
  void twoOfOneName_areTheLast() throws Exception {
    JsonObject object = read("{\"a\":1,\"b\":[{\"c\":1,\"c\":2}],\"a\":{\"d\":3}}");

    assertThat(text(object)).isEqualTo("{\"a\":{\"d\":3},\"b\":[{\"c\":2}]}");
  }

  @Test
  void names_withEscapes_areWrittenAgain() throws Exception {
    JsonObject object = read("{\"\\u0041\\\"\\n👍\":1}");

    assertThat(object.members()).containsOnlyKeys("A\"\n👍");
    JsonObject changed = object.with("A\"\n👍", JsonScalar.of(2));
    assertThat(text(changed)).isEqualTo("{\"A\\\"\\u000a\\ud83d\\udc4d\":2}");
    assertThat(read(text(changed)).has("A\"\n👍")).isTrue();
  }

  @Test
  void addedMember_leavesTheOthersAsTheyWereWritten() throws Exception {
    JsonObject object = read("{ \"a\" : 1.0 , \"\\u0062\":[ ] }");

    JsonObject added = object.with("c", JsonScalar.of(2)).with("d", read("{\"e\": 3}"));

    assertThat(text(added)).isEqualTo("{ \"a\" : 1.0 , \"\\u0062\":[ ] ,\"c\":2,\"d\":{\"e\": 3}}");
    assertThat(added).isEqualTo(read(text(added)));
    assertThat(text(object)).isEqualTo("{ \"a\" : 1.0 , \"\\u0062\":[ ] }");
    assertThat(text(read("{ }").with("c", JsonScalar.of(2)))).isEqualTo("{\"c\":2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "\"a\"",
        "null",
        "{",
        "{\"a\"}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":'b'}",
        "{\"a\":\"b",
        "{\"a\":\"b\\",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":tru}",
        "{\"a\":1}{}",
        "{\"a\":1} x",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":[1,}}}}}}",
        "\ufeff{}",
      })
  void damaged_isRefused(String damaged) {
    assertThatThrownBy(() -> read(damaged))
        .isInstanceOf(InvalidEventException.class)
        .hasNoCause()
        .hasMessageStartingWith("event: ");
  }

  @Test
  void otherEncodings_areRefused() {
    for (byte[] bytes :
        new byte[][] {
          "{\"a\":1}".getBytes(UTF_16LE),
          {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
          // Half a surrogate pair, as UTF-8 never has it.
          {'{', '"', 'a', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'},
        }) {
      assertThatThrownBy(() -> json.read(bytes)).isInstanceOf(InvalidEventException.class);
    }
  }

  @Test
  void deepest_isRead_andOneLevelMoreIsNot() throws Exception {
    assertThat(text(read(nested(63)))).isEqualTo(nested(63));
    assertThatThrownBy(() -> read(nested(64))).isInstanceOf(InvalidEventException.class);
    assertThatThrownBy(() -> read(nested(100_000))).isInstanceOf(InvalidEventException.class);
  }

  @Test
  void tooLarge_isRefused() throws Exception {
    var small = new EntityJson(7);

    assertThat(small.read("{\"a\":1}".getBytes(UTF_8)).number("a")).hasValue(1);
    assertThatThrownBy(() -> small.read("{\"a\":12}".getBytes(UTF_8)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage("event: 8 bytes (expected: at most 7)");
  }

  @Test
  void mutations_areReadOrRefused() {
    var random = new Random(6);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = GUILD.getBytes(UTF_8);
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        JsonObject object = json.read(bytes);
        // What was put together from slices has to be JSON as well, and the same.
        JsonObject copy = JsonObject.of(new LinkedHashMap<>(object.members()));
        assertThat(json.read(copy.bytes()).members().keySet()).isEqualTo(object.members().keySet());
        read++;
      } catch (InvalidEventException e) {
        assertThat(e).hasNoCause();
      }
    }
    assertThat(read).isBetween(300, 19_000);
  }

  private static String nested(int levels) {
    return "{\"a\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
  }

  private JsonObject read(String text) throws InvalidEventException {
    return json.read(text.getBytes(UTF_8));
  }

  private static String text(Json value) {
    return new String(value.bytes(), UTF_8);
  }
}
