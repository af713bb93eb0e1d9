package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisBrokerProvider;
import dev.spectacles.proxy.adapter.redis.RedisCacheStoreProvider;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.adapter.wire.EntityJson;
import dev.spectacles.proxy.adapter.wire.GatewayPayload;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.application.service.GatewayFeed;
import dev.spectacles.proxy.domain.entity.EntityType;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever leads hangs in the midst of a write until its lease is over by itself; another has taken
 * over then, and what the first one still writes is refused.
 */
@Tag("redis")
class GatewayLeaseIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final int LARGEST = 1 << 20;
  private static final String APP = "901000000000000000";
  private static final RealClock CLOCK = new RealClock();

  @Test
  void leaderThatHangs_isFollowed_andItsLateWriteIsRefused() throws Exception {
    try (var redis = RedisServers.embedded().start();
        var connection = new RespConnection(redis.port());
        var first = new Instance("first", redis.url())) {
      publish(
          connection,
          "READY",
          "{\"user\":{\"id\":\"900\"},\"application\":{\"id\":\"%s\"},\"shard\":[0,1],\"guilds\":[{\"id\":\"100\"}]}"
              .formatted(APP));
      publish(
          connection,
          "GUILD_CREATE",
          "{\"id\":\"100\",\"roles\":[{\"id\":\"100\",\"name\":\"told\"}]}");
      Until.holds("the first one keeps it", () -> kept(connection).contains("told"));

      first.hold();
      Until.holds("its lease is short", () -> first.leadsBriefly.getCount() == 0);
      publish(connection, "GUILD_ROLE_UPDATE", role("in the hands of the first"));
      Until.holds("it hangs", () -> first.hanging.getCount() == 0);
      try (var second = new Instance("second", redis.url())) {
        Until.holds("another has what it had", () -> kept(connection).contains("in the hands"));
        publish(connection, "GUILD_ROLE_UPDATE", role("told since"));
        Until.holds("another goes on", () -> kept(connection).contains("told since"));

        first.goOn();
        Until.holds("the late write is refused", () -> first.refused.get() > 0);
        assertThat(kept(connection)).contains("told since");
        assertThat(second.refused).hasValue(0);
      }
      publish(connection, "GUILD_ROLE_UPDATE", role("told to the first again"));
      Until.holds("the first one leads again", () -> kept(connection).contains("again"));
    }
  }

  private static String role(String name) {
    return "{\"guild_id\":\"100\",\"role\":{\"id\":\"100\",\"name\":\"%s\"}}".formatted(name);
  }

  private static void publish(RespConnection redis, String name, String json) throws Exception {
    redis.command("XADD", name, "*", "data", json.getBytes(UTF_8));
  }

  /** The role as it is kept. */
  private static String kept(RespConnection redis) throws IOException {
    return String.valueOf(redis.command("HGET", "sp1:" + APP + ":{100}:roles", "100"));
  }

  /** One that hears the events and keeps them, which can be made to hang. */
  private static final class Instance implements AutoCloseable {
    private final Broker broker;
    private final EntityStore store;
    private final GatewayFeed feed;
    private final CountDownLatch leadsBriefly = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean held;

    Instance(String name, String url) throws Exception {
      var provider = new RedisCacheStoreProvider();
      var section = new MapSection(provider.keys(), Map.of("url", url));
      store =
          provider
              .openEntities(new EntityStoreContext(name, "lease", 1 << 20, section, CLOCK))
              .orElseThrow();
      broker =
          new RedisBrokerProvider()
              .open(
                  new BrokerContext(
                      "lease",
                      Optional.empty(),
                      "REQUEST",
                      name,
                      1,
                      Optional.empty(),
                      PATIENCE,
                      section,
                      CLOCK));
      feed =
          new GatewayFeed(
              broker,
              hung(store),
              new EntityJson(LARGEST),
              new GatewayFeed.Source(
                  Optional.empty(),
                  "",
                  EnumSet.of(EntityType.GUILD, EntityType.ROLE),
                  false,
                  Duration.ofHours(1),
                  new GatewayPayload(LARGEST)::decode),
              tags -> {},
              ProxyEvents.NOOP,
              CLOCK);
      broker.start();
      feed.start();
    }

    /** From its next lease on, which is a short one, it hangs as soon as it has to write. */
    void hold() {
      held = true;
    }

    void goOn() {
      held = false;
      free.countDown();
    }

    private EntityStore hung(EntityStore real) {
      return (EntityStore)
          Proxy.newProxyInstance(
              EntityStore.class.getClassLoader(),
              new Class<?>[] {EntityStore.class},
              (proxy, method, arguments) -> call(real, method, arguments));
    }

    private Object call(EntityStore real, Method method, Object[] arguments) throws Throwable {
      if (held && method.getName().equals("lead")) {
        Object number = real.lead(SHORT);
        leadsBriefly.countDown();
        return number;
      }
      if (held && method.getName().equals("apply") && leadsBriefly.getCount() == 0) {
        hanging.countDown();
        assertThat(free.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
      try {
        return method.invoke(real, arguments);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof StaleLeaderException) {
          refused.incrementAndGet();
        }
        throw e.getCause();
      }
    }

    @Override
    public void close() {
      free.countDown();
      try {
        feed.stop(PATIENCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      broker.close();
      store.close();
    }
  }
}
