package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Publishes events to Redis as gateways do, in each of their encodings. Not thread-safe. */
public final class GatewayStreams {
  private final RespConnection redis;
  private final Map<String, String> lastIds = new HashMap<>();
  private int published;

  public GatewayStreams(RespConnection redis) {
    this.redis = redis;
  }

  /** Publishes them one after the other, no two in the same millisecond. */
  public void publish(List<WorldEvent> events) throws IOException, InterruptedException {
    for (WorldEvent event : events) {
      redis.command("XADD", event.name(), "*", "data", payload(event));
      Until.passes(Duration.ofMillis(2));
    }
  }

  /** Publishes them with their own times, moved by so many milliseconds. */
  void publishAt(List<WorldEvent> events, long later) throws IOException {
    for (WorldEvent event : events) {
      String id = nextId(event.name(), event.millis() + later);
      redis.send("XADD", event.name(), id, "data", payload(event));
    }
    for (int i = 0; i < events.size(); i++) {
      redis.read();
    }
  }

  private String nextId(String name, long millis) {
    String before = lastIds.getOrDefault(name, "0-0");
    boolean same = before.startsWith(millis + "-");
    int number = same ? Integer.parseInt(before.substring(before.indexOf('-') + 1)) + 1 : 0;
    String id = millis + "-" + number;
    lastIds.put(name, id);
    return id;
  }

  /** The Go gateway packs JSON as text; others publish it as it is, or pack its bytes. */
  private byte[] payload(WorldEvent event) {
    byte[] json = event.json().getBytes(UTF_8);
    return switch (published++ % 3) {
      case 0 -> Packed.of(event.json());
      case 1 -> json;
      default -> Packed.of(json);
    };
  }

  /** Waits until all that was published by now is kept. */
  public void catchUp(long app) throws Exception {
    long now = System.currentTimeMillis();
    Until.holds("all is kept", () -> caughtUpMillis(app) > now);
  }

  private long caughtUpMillis(long app) throws IOException {
    Object millis = redis.command("HGET", "sp1:" + app + ":meta", "caught_up_ms");
    return millis == null ? 0 : Long.parseLong(millis.toString());
  }

  /** Authorization of a bot, as its user's id and a secret make it. */
  public static String authorization(long user, String secret) {
    byte[] id = Long.toUnsignedString(user).getBytes(UTF_8);
    return "Bot " + Base64.getUrlEncoder().withoutPadding().encodeToString(id) + ".x." + secret;
  }
}
