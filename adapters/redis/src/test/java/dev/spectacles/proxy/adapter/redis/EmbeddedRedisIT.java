package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.testing.Eventually;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("redis")
final class EmbeddedRedisIT {
  @Test
  void start_preferredPortFree_usesItOnLoopbackOnly() throws Exception {
    int port = RedisServers.freePort();
    try (var redis = EmbeddedRedis.start(port)) {
      assertThat(redis.port()).isEqualTo(port);
      assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + port);
      try (var connection = new RespConnection(port)) {
        assertThat(connection.command("PING")).isEqualTo("PONG");
        assertThat(connection.command("CONFIG", "GET", "bind"))
            .isEqualTo(List.of("bind", "127.0.0.1"));
        assertThat(connection.command("CONFIG", "GET", "maxmemory-policy"))
            .isEqualTo(List.of("maxmemory-policy", "noeviction"));
      }
    }
    Eventually.holds("nobody listens on the port", () -> isRefused(port));
  }

  private static boolean isRefused(int port) throws IOException {
    try (var connection = new RespConnection(port)) {
      connection.command("PING");
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (SocketException e) {
      // The kernel may take a moment to let go of a dead process's queue.
      return false;
    }
  }

  @Test
  void start_preferredPortTaken_usesAnother() throws Exception {
    try (var first = EmbeddedRedis.start();
        var second = EmbeddedRedis.start(first.port())) {
      assertThat(second.port()).isNotEqualTo(first.port());
      try (var connection = new RespConnection(second.port())) {
        assertThat(connection.command("PING")).isEqualTo("PONG");
      }
    }
  }
}
