package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.application.port.out.EgressStoreContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.Banned;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.Invalid;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.redisson.api.RedissonClient;

@OnEveryServer
@Execution(ExecutionMode.CONCURRENT) // they wait most of the time, for bans to end
final class RedisEgressStoreIT implements EgressStoreContract {
  private final RedisServers.Server server;
  private final RealClock clock = new RealClock();
  private final String egress = "test-" + UUID.randomUUID().toString().substring(0, 8);
  private RedissonClient client;
  private RedissonClient otherClient;
  private RedisEgressStore store;
  private RedisEgressStore other;

  RedisEgressStoreIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws Exception {
    client = client(server);
    otherClient = client(server);
    store = new RedisEgressStore(() -> client, egress, "one", clock);
    other = new RedisEgressStore(() -> otherClient, egress, "two", clock);
    Eventually.holds(
        "both know of each other", () -> instances(store) == 2 && instances(other) == 2);
  }

  @AfterEach
  void close() {
    store.close();
    other.close();
    RedisConnections.close(client);
    RedisConnections.close(otherClient);
  }

  @Override
  public EgressStore store() {
    return store;
  }

  @Override
  public EgressStore other() {
    return other;
  }

  @Override
  public void pass(Duration duration) throws InterruptedException {
    clock.sleep(duration);
  }

  @Override
  public long micros() {
    return clock.nanoTime() / 1_000;
  }

  @Test
  void keys_haveOneHashTagAndALife() throws Exception {
    store.report(new Banned(Duration.ofSeconds(60), Optional.empty()));
    store.report(new Invalid());
    Eventually.holds("shared", () -> other.egress().ban().on() && total(other) == 1);
    for (String key : List.of("ban", "invalid", "instances")) {
      Object life = server.command("PTTL", "sp:1:{egress:" + egress + "}:" + key);
      assertThat((Long) life).as(key).isPositive();
    }
  }

  @Test
  void ban_isKnownToOthersWithinMilliseconds() throws Exception {
    long start = System.nanoTime();
    store.report(new Banned(Duration.ofSeconds(60), Optional.empty()));
    while (!other.egress().ban().on()) {
      Thread.onSpinWait();
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    System.out.println("ban known to another instance after " + taken.toMillis() + " ms");
    assertThat(taken).as("not by the read of every second").isLessThan(Duration.ofMillis(500));
  }

  @Test
  void close_sharesWhatIsNotSharedYet() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      store.report(new Invalid());
    }
    store.report(new Banned(Duration.ofSeconds(60), Optional.empty()));
    store.close();
    Eventually.holds("all of it", () -> total(other) == 1_000 && other.egress().ban().on());
    Eventually.holds("it has left", () -> instances(other) == 1);
  }

  @ResourceLock("log of RedisEgressStore")
  @Test
  void restartedServer_isToldWhatWasLearntMeanwhile() throws Exception {
    try (var log = new CapturedLog(RedisEgressStore.class);
        RedisServers.Server own = RedisServers.embedded().start()) {
      RedissonClient ownClient = client(own);
      RedissonClient second = client(own);
      try (var alone = new RedisEgressStore(() -> ownClient, egress, "one", clock)) {
        Eventually.holds("shared", () -> own.command("EXISTS", instancesKey()).equals(1L));
        own.kill();
        alone.report(new Invalid());
        alone.report(new Banned(Duration.ofSeconds(1), Optional.empty()));
        assertThat(total(alone)).isEqualTo(1);
        assertThat(alone.egress().ban().on()).isTrue();
        Eventually.holds("it says so", () -> log.text().contains("WARN"));
        Eventually.holds("half open alone", () -> alone.probe().isPresent());
        assertThat(alone.probe()).as("one at a time").isEmpty();
        own.startAgain();
        try (var later = new RedisEgressStore(() -> second, egress, "two", clock)) {
          Eventually.holds(
              "everything is shared", () -> later.egress().ban().on() && total(later) == 1);
        }
        Eventually.holds("it is shared again", () -> log.text().contains("INFO"));
        assertThat(log.text().lines().filter(line -> line.startsWith("WARN"))).hasSize(1);
      } finally {
        RedisConnections.close(ownClient);
        RedisConnections.close(second);
      }
    }
  }

  private String instancesKey() {
    return "sp:1:{egress:" + egress + "}:instances";
  }

  private static int instances(EgressStore one) {
    return one.egress().instances();
  }

  private long total(EgressStore one) {
    return one.egress().invalid().total(micros());
  }

  private static RedissonClient client(RedisServers.Server server) throws InterruptedException {
    return RedisConnections.commands(
        RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", server.url()))),
        "egress-test");
  }
}
