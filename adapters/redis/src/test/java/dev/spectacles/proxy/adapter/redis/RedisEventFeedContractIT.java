package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

@OnEveryServer
final class RedisEventFeedContractIT implements EventFeedContract {
  private final String unique = UUID.randomUUID().toString();
  private final RedisServers.Server server;
  private RedisBench bench;

  RedisEventFeedContractIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws Exception {
    bench = new RedisBench(server, Map.of());
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Override
  public Broker create(String instance) {
    return bench.create(instance);
  }

  @Override
  public List<String> names() {
    return List.of("ONE-" + unique, "TWO-" + unique, "THREE-" + unique);
  }

  @Override
  public boolean keepsEvents() {
    return true;
  }
}
