package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnEveryServer
@Execution(ExecutionMode.CONCURRENT) // they wait most of the time, for what must not come
final class RedisBrokerContractIT implements BrokerContract {
  private final RedisServers.Server server;
  private RedisBench bench;

  RedisBrokerContractIT(RedisServers.Server server) {
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
  public Caller publish(Publication publication) {
    return bench.publish(publication);
  }

  @Override
  public Caller publishUnreadable() {
    return bench.publishRaw("data", new byte[] {(byte) 0xC1, 0, 1});
  }

  @Override
  public String event(String word) {
    return bench.event + "-" + word;
  }

  @Override
  public Duration patience() {
    return RedisBench.PATIENCE;
  }

  @Override
  public Duration takeover() {
    return RedisBench.MIN_IDLE;
  }
}
