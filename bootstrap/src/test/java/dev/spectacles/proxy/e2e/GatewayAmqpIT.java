package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.spectacles.proxy.adapter.amqp.NeedsRabbit;
import dev.spectacles.proxy.adapter.amqp.RabbitServers;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.scenario.WorldSpec;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import dev.spectacles.proxy.simulator.world.Fidelity;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A gateway's events over RabbitMQ, kept in Redis by one of two instances: what is answered from
 * them, before and after the one that hears them was killed.
 */
@Tag("amqp")
@Tag("redis")
@NeedsRabbit
class GatewayAmqpIT {
  private static final WorldSpec SPEC = new WorldSpec(17, 3, 2, false);
  private static final int STEPS = 100;
  private static final long SECONDS = 20;
  private static final String LEADS = "this instance keeps the gateway's events from now on";

  private final World world = new World(LiveWorld.settings(SPEC));
  private final String group = "e2e-" + UUID.randomUUID();
  private final List<ProxyProcess> instances = new CopyOnWriteArrayList<>();
  private RedisServers.Server redis;
  private RespConnection keys;
  private SimulatorProcess discord;
  private AmqpWorker worker;
  private Connection gateway;
  private Channel events;

  @BeforeEach
  void start() throws Exception {
    String url = RabbitServers.required().url();
    redis = RedisServers.embedded().start();
    keys = new RespConnection(redis.port());
    discord = SimulatorProcess.start(Scenarios.unlimited().toBuilder().world(SPEC).build());
    Map<String, String> settings =
        ProxyProcess.settings("redis://" + redis.url(), discord.apiUrl());
    settings.put("BROKER_TYPE", "amqp");
    settings.put("BROKER_GROUP", group);
    settings.put("AMQP_URL", url);
    settings.put("CACHE_GATEWAY_ENABLED", "true");
    settings.put("CACHE_GATEWAY_STORE", "redis");
    settings.put("CACHE_GATEWAY_ANSWER", "prefer");
    for (int i = 0; i < 2; i++) {
      instances.add(ProxyProcess.startLight(settings, ""));
    }
    worker = new AmqpWorker(url, group);
    var factory = new ConnectionFactory();
    factory.setUri(url);
    gateway = factory.newConnection("gateway");
    events = gateway.createChannel();
    // As the Go gateway's broker does.
    events.exchangeDeclare(group, BuiltinExchangeType.DIRECT, true);
  }

  @AfterEach
  void stop() throws Exception {
    instances.forEach(ProxyProcess::close);
    events.queueDelete(group + ":cache");
    events.exchangeDelete(group);
    gateway.close(1_000);
    worker.close();
    discord.close();
    keys.close();
    redis.close();
  }

  @Test
  void toldWorld_isAnsweredFrom_alsoWhenTheOneThatHeardItIsKilled() throws Exception {
    Until.holds("one leads", () -> leader() != null);
    world.begin();
    publish(discord.move(LiveWorld.Move.BEGIN, 1));
    goOn();
    answersAsDiscordDoes();

    ProxyProcess heard = leader();
    heard.kill();
    instances.remove(heard);
    // Its lease would be over in 10 s.
    for (Object lease : (List<?>) keys.command("KEYS", "sp1:feed:*:leader")) {
      keys.command("DEL", lease);
    }
    goOn();

    assertThat(leader()).as("the other one").isNotNull();
    answersAsDiscordDoes();
    assertThat(instances.getFirst().output()).doesNotContain("ERROR");
  }

  /** The world moves, at Discord and as it is told. */
  private void goOn() throws Exception {
    publish(discord.move(LiveWorld.Move.STEP, STEPS));
    publish(discord.move(LiveWorld.Move.SETTLE, 1));
    for (int i = 0; i < STEPS; i++) {
      world.step();
    }
    world.settle();
    catchUp();
  }

  private void answersAsDiscordDoes() throws Exception {
    String roles = "/guilds/" + world.guilds().first() + "/roles";
    ProxyResponse.Http real = fromDiscord(roles);
    assertTold(roles, real, get(roles));
  }

  private static void assertTold(String path, ProxyResponse.Http real, ProxyResponse.Http answer) {
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.headers().first("cache-status")).contains("spectacles; hit; detail=gateway");
    assertThat(answer.headers().first("age")).isPresent();
    assertThat(Fidelity.differences(path, real.body().utf8(), answer.body().utf8())).isEmpty();
  }

  /** Each instance has to have seen that Discord accepts the token: it is asked until both have. */
  private ProxyResponse.Http get(String path) throws Exception {
    var last = new ProxyResponse.Http[1];
    Until.holds(
        "answered from what was told",
        () -> {
          last[0] = ask(path, Map.of());
          return last[0].headers().first("cache-status").isPresent();
        });
    return last[0];
  }

  private ProxyResponse.Http fromDiscord(String path) throws Exception {
    return ask(path, Map.of("Cache-Control", "no-cache"));
  }

  private ProxyResponse.Http ask(String path, Map<String, String> headers) throws Exception {
    var draft =
        Worker.get(path)
            .header("Authorization", GatewayStreams.authorization(world.self(), "secret"));
    headers.forEach(draft::header);
    return worker.publish(draft).http(SECONDS);
  }

  private void publish(List<WorldEvent> told) throws IOException {
    for (WorldEvent event : told) {
      var properties = new BasicProperties.Builder().expiration("120000").build();
      events.basicPublish(group, event.name(), properties, Packed.of(event.json()));
    }
  }

  private void catchUp() throws Exception {
    new GatewayStreams(keys).catchUp(world.app());
    Until.holds("nothing waits", () -> events.messageCount(group + ":cache") == 0);
    new GatewayStreams(keys).catchUp(world.app());
  }

  private ProxyProcess leader() {
    return instances.stream()
        .filter(instance -> instance.output().contains(LEADS))
        .findAny()
        .orElse(null);
  }
}
