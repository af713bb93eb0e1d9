package dev.spectacles.proxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.e2e.GatewayStreams;
import dev.spectacles.proxy.e2e.ProxyProcess;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the gateway told, read by a worker in JavaScript that knows the documented keys only. */
@Tag("interop")
class GatewayReaderIT {
  @BeforeAll
  static void requireNode() throws InterruptedException {
    NodeProject.require("What the gateway told, read in JavaScript");
  }

  @Test
  void documentedKeys_areReadWithNothingElse() throws Exception {
    NodeProject project = NodeProject.install();
    var world = new World(WorldSettings.orderly(3, 2));
    try (var redis = RedisServers.embedded().start();
        var connection = new RespConnection(redis.port())) {
      String url = "redis://" + redis.url();
      Map<String, String> settings = ProxyProcess.caching(url, URI.create("http://127.0.0.1:9"));
      settings.put("CACHE_GATEWAY_ENABLED", "true");
      try (var proxy = ProxyProcess.start(settings)) {
        var gateway = new GatewayStreams(connection);
        gateway.publish(world.begin());
        gateway.catchUp(world.app());

        long guild = world.guilds().first();
        SortedMap<Long, String> channels = world.kept(guild).get(EntityType.CHANNEL);
        JsonNode read = read(project, url, world, guild, channels.firstKey());

        assertThat(read.at("/app/schema").asText()).as(proxy.output()).isEqualTo("1");
        assertThat(read.at("/app/user_id").asLong()).isEqualTo(world.self());
        assertThat(read.at("/meta/state").asText()).isEqualTo("available");
        assertThat(read.path("complete").asBoolean()).isTrue();
        assertThat(read.path("where").asLong()).isEqualTo(guild);
        assertThat(read.at("/guild/id").asLong()).isEqualTo(guild);
        assertThat(read.path("channels")).hasSameSizeAs(channels.keySet());
        for (JsonNode channel : read.path("channels")) {
          // Not as a whole: to JavaScript, 1.0 and 1 are the same.
          JsonNode real = new JsonMapper().readTree(channels.get(channel.path("id").asLong()));
          assertThat(channel.path("name")).isEqualTo(real.path("name"));
          assertThat(channel.path("guild_id").asLong()).isEqualTo(guild);
          assertThat(channel.fieldNames()).toIterable().containsAll(real::fieldNames);
        }
      }
    }
  }

  private static JsonNode read(
      NodeProject project, String url, World world, long guild, long channel) throws Exception {
    List<String> arguments = List.of(url, "" + world.app(), "" + guild, "" + channel);
    return new JsonMapper().readTree(project.run("reader.cjs", Map.of(), arguments).getLast());
  }
}
