package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import dev.spectacles.proxy.domain.gateway.GatewaySend;
import dev.spectacles.proxy.domain.gateway.InvalidSendException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendCodecTest {
  private static final String PACKET = "{ \"op\": 4, \"d\":{\"x\":[1.50,\"\\u00e9 é 👍\"]} }";

  @Test
  void json_packet_staysAsItIs() throws Exception {
    GatewaySend send = json("{\"guild_id\": \"81384788765712384\",\"packet\": " + PACKET + " }");

    assertThat(send.guildId()).isEqualTo(81384788765712384L);
    assertThat(send.packet().utf8()).isEqualTo(PACKET);
  }

  @Test
  void json_packetFirst_isReadToo() throws Exception {
    GatewaySend send = json("{\"new\":[{}],\"packet\":{},\"guild_id\":\"7\"}");

    assertThat(send.guildId()).isEqualTo(7);
    assertThat(send.packet().utf8()).isEqualTo("{}");
  }

  @Test
  void messagePack_packet_staysAsItIs() throws Exception {
    // Numbers in longer forms than they need, and text as bin.
    var packet = Raw.of(0x82, 0xa2, 'o', 'p', 0xcd, 0, 4, 0xa1, 'd', 0xc4, 1, 0xff);

    GatewaySend send =
        SendCodec.decode(
            Packed.pack(new Pairs("other", List.of(1), "packet", packet, "guild_id", "7")));

    assertThat(send.guildId()).isEqualTo(7);
    assertThat(send.packet().bytes()).isEqualTo(packet.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "\"0\", 0",
    "\"18446744073709551615\", 18446744073709551615",
    "0, 0",
    "9007199254740991, 9007199254740991",
    "1e3, 1000",
  })
  void guild_inJson_isRead(String written, String expected) throws Exception {
    GatewaySend send = json("{\"guild_id\":" + written + ",\"packet\":{}}");

    assertThat(Long.toUnsignedString(send.guildId())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740992",
        "81384788765712384",
        "-1",
        "1.5",
        "1e30",
        "\"\"",
        "\"-1\"",
        "\"18446744073709551616\"",
        "\"7 \"",
        "\"seven\"",
      })
  void guild_inJsonThatIsNone_isRefused(String written) {
    refused("{\"guild_id\":" + written + ",\"packet\":{}}", "guild_id: no id");
  }

  @Test
  void guild_inMessagePack_isReadAsItIs() throws Exception {
    var largest = new BigInteger("18446744073709551615");

    assertThat(packed(largest).guildId()).isEqualTo(-1);
    assertThat(packed(81384788765712384L).guildId()).isEqualTo(81384788765712384L);
    assertThat(packed(1e15).guildId()).isEqualTo(1_000_000_000_000_000L);
    assertThat(packed("81384788765712384").guildId()).isEqualTo(81384788765712384L);
  }

  @Test
  void guild_thatJavaScriptRounded_isRefused() {
    assertThatThrownBy(() -> packed(8.1384788765712384e16))
        .isInstanceOf(InvalidSendException.class)
        .hasMessageContaining("guild_id: no id")
        .hasMessageContaining("expected:");
    assertThatThrownBy(() -> packed(-1)).isInstanceOf(InvalidSendException.class);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void event_broken_isRefused(String json, String why) {
    refused(json, why);
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> refusals() {
    return Stream.of(
            List.of("{\"packet\":{}}", "event: lacks guild_id"),
            List.of("{\"guild_id\":\"1\"}", "event: lacks packet"),
            List.of("{\"guild_id\":\"1\",\"packet\":null}", "packet: is nil (expected: a map)"),
            List.of("{\"guild_id\":\"1\",\"packet\":\"{}\"}", "packet: is text"),
            List.of("{\"guild_id\":null,\"packet\":{}}", "guild_id: is nil"),
            List.of("{\"guild_id\":\"1\",\"guild_id\":\"2\",\"packet\":{}}", "the same name"),
            List.of("{\"guild_id\":\"1\",\"packet\":{}}x", "event: damaged JSON"),
            List.of("{\"guild_id\":\"1\",\"packet\":{", "event: damaged JSON"))
        .map(pair -> org.junit.jupiter.params.provider.Arguments.of(pair.toArray()));
  }

  @Test
  void messagePack_broken_isRefused() {
    for (byte[] payload :
        List.of(
            new byte[0],
            Raw.of(0xc1).bytes(),
            Raw.of(0xdf, 0xff, 0xff, 0xff, 0xff).bytes(),
            Packed.pack(List.of(1)),
            Packed.pack(Map.of("guild_id", "1", "packet", "text")),
            Raw.of(0x81, 0xa6, 'p', 'a', 'c', 'k', 'e', 't', 0x82, 1).bytes())) {
      assertThatThrownBy(() -> SendCodec.decode(payload)).isInstanceOf(InvalidSendException.class);
    }
  }

  @Test
  void anyMutation_isReadOrRefused() {
    var random = new Random(7);
    for (byte[] valid :
        List.of(
            ("{\"guild_id\":\"1\",\"packet\":" + PACKET + "}").getBytes(UTF_8),
            Packed.pack(Map.of("guild_id", 5, "packet", Map.of("op", 4, "d", List.of(1, "x")))))) {
      for (int i = 0; i < 20_000; i++) {
        byte[] mutant = valid.clone();
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
        try {
          assertThat(SendCodec.decode(mutant).packet().size()).isPositive();
        } catch (InvalidSendException refusal) {
          assertThat(refusal.getMessage()).isNotEmpty();
        }
      }
    }
  }

  private static GatewaySend packed(Object guild) throws InvalidSendException {
    return SendCodec.decode(Packed.pack(Map.of("guild_id", guild, "packet", Map.of("op", 4))));
  }

  private static GatewaySend json(String text) throws InvalidSendException {
    return SendCodec.decode(text.getBytes(UTF_8));
  }

  private static void refused(String json, String why) {
    assertThatThrownBy(() -> json(json))
        .isInstanceOf(InvalidSendException.class)
        .hasMessageContaining(why);
  }
}
