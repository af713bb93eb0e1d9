package dev.spectacles.proxy.adapter.redis;

import java.util.List;

/** One running server of each kind for all tests of this JVM that leave it running. */
final class SharedServers {
  private static final List<RedisServers.Server> ALL =
      RedisServers.all().stream().map(binary -> binary.start("--appendonly", "no")).toList();

  private SharedServers() {}

  static List<RedisServers.Server> all() {
    return ALL;
  }
}
