package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Packets for the gateway, published by workers that do not know the number of shards. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewaySendIT {
  private static final int SHARDS = 3;

  private Stage stage;
  private RespConnection redis;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage =
        new Stage(
            Map.of("GATEWAY_SERVE_SEND", "true", "GATEWAY_SHARD_COUNT", Integer.toString(SHARDS)),
            2);
    redis = stage.redis();
  }

  @AfterAll
  void stop() throws IOException {
    redis.close();
    stage.close();
  }

  @Test
  void sends_overTwoInstances_arePublishedOnceUnderTheirShard() throws Exception {
    // A real gateway of the group reads them as well.
    redis.command("XGROUP", "CREATE", "SEND", "gateway", "$", "MKSTREAM");
    for (long guild = 0; guild < 30; guild++) {
      send("{\"guild_id\":\"" + (guild << 22) + "\",\"packet\":{\"op\":4,\"n\":" + guild + "}}");
      if (guild % 10 == 0) {
        send("{\"guild_id\":\"none\",\"packet\":{}}");
      }
    }
    redis.command(
        "XADD", "SEND", "*", "data", Packed.of(Map.of("guild_id", 1L << 22, "packet", Map.of())));

    Until.holds("all are published", () -> published(0) + published(1) + published(2) == 31);
    for (int shard = 0; shard < SHARDS; shard++) {
      var expected = new ArrayList<String>();
      for (long guild = shard; guild < 30; guild += SHARDS) {
        expected.add("{\"op\":4,\"n\":" + guild + "}");
      }
      if (shard == 1) {
        // An empty map in MessagePack.
        expected.add("\u0080");
      }
      assertThat(packets(shard)).containsExactlyInAnyOrderElementsOf(expected);
    }
    Until.holds("all are acked", () -> pending() == 0);
    List<?> seen =
        (List<?>) redis.command("XREADGROUP", "GROUP", "gateway", "real", "STREAMS", "SEND", ">");
    assertThat(((List<?>) ((List<?>) seen.getFirst()).get(1))).hasSize(34);
  }

  private void send(String json) throws IOException {
    redis.command("XADD", "SEND", "*", "data", json.getBytes(UTF_8));
  }

  private long published(int shard) {
    return packets(shard).size();
  }

  private List<String> packets(int shard) {
    List<?> entries = (List<?>) command("XRANGE", Integer.toString(shard), "-", "+");
    return entries.stream()
        .map(entry -> (String) ((List<?>) ((List<?>) entry).get(1)).get(1))
        .toList();
  }

  private long pending() {
    return (Long) ((List<?>) command("XPENDING", "SEND", "gateway-send")).getFirst();
  }

  private Object command(Object... words) {
    try {
      return redis.command(words);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
