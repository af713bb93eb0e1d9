package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.service.ServeBroker;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RabbitMQ is killed and started again while POSTs are worked on. */
@Tag("amqp")
@NeedsRabbit
final class AmqpRestartIT {
  private static final int REQUESTS = 400;
  private static final int HELD = 60;

  /** Requests of one exchange, those who work on them, and what became of each. */
  private static final class Drill implements AutoCloseable {
    private final RabbitBench bench;
    private final String replies;
    private final Map<String, AtomicInteger> executions = new ConcurrentHashMap<>();
    private final List<ServeBroker> instances = new ArrayList<>();

    Drill(RabbitServer server, boolean markersAreShared, int instanceCount) throws Exception {
      bench = new RabbitBench(server);
      if (!markersAreShared) {
        bench.shared = Optional.empty();
      }
      replies = "replies-" + bench.group;
      Channel channel = bench.channel();
      channel.confirmSelect();
      channel.queueDeclare(replies, true, false, false, Map.of());
      for (int i = 0; i < REQUESTS; i++) {
        bench.publishOnly(
            new BasicProperties.Builder().replyTo(replies).correlationId("c" + i),
            RabbitBench.request("/" + i, new byte[0]));
      }
      channel.waitForConfirmsOrDie(20_000);
      var settings =
          new ServeBroker.Settings(HELD, Long.MAX_VALUE, Optional.empty(), Optional.empty());
      for (int i = 0; i < instanceCount; i++) {
        HandleRequest handler =
            (request, route, deadline, marker) -> {
              new RealClock().sleep(Duration.ofMillis(20));
              marker.mark();
              executions
                  .computeIfAbsent(request.path().value(), path -> new AtomicInteger())
                  .incrementAndGet();
              new RealClock().sleep(Duration.ofMillis(20));
              return new ProxyResponse.Http(200, Headers.empty(), "https://d/", Body.empty());
            };
        var instance =
            new ServeBroker(
                bench.create("i" + i), handler, new RealClock(), ProxyEvents.NOOP, settings);
        instances.add(instance);
        instance.start();
      }
    }

    int executed() {
      return executions.size();
    }

    /** Statuses of the answers by correlation id; the queue survives restarts. */
    Map<String, List<Integer>> answers(RabbitServer server) throws Exception {
      var answers = new ConcurrentHashMap<String, List<Integer>>();
      var reader = new RabbitBench(server);
      Eventually.holds(
          "all are answered",
          () -> {
            GetResponse next = reader.channel().basicGet(replies, true);
            while (next != null) {
              String id = next.getProps().getCorrelationId();
              int status = ResponseCodec.decode(next.getBody()).status().code();
              answers.computeIfAbsent(id, each -> new ArrayList<>()).add(status);
              next = reader.channel().basicGet(replies, true);
            }
            return answers.size() == REQUESTS;
          });
      reader.close();
      return answers;
    }

    Set<String> executedTwice() {
      var twice = new HashSet<String>();
      executions.forEach(
          (path, count) -> {
            if (count.get() > 1) {
              twice.add(path);
            }
          });
      return twice;
    }

    @Override
    public void close() {
      instances.forEach(ServeBroker::close);
    }
  }

  @Test
  void restart_underLoad_losesNothingAndExecutesNothingTwice() throws Exception {
    RabbitServer server = RabbitServers.required();
    if (!server.isOurs()) {
      System.out.println("!!! NOT RUN, as the server is not ours: restart under load !!!");
      return;
    }
    try (var alone = new Drill(server, false, 1);
        var two = new Drill(server, true, 2)) {
      Eventually.holds("under way", () -> alone.executed() > 80 && two.executed() > 80);
      server.kill();
      int before = alone.executed() + two.executed();
      server.startAgain();

      Map<String, List<Integer>> answersAlone = alone.answers(server);
      Map<String, List<Integer>> answersTwo = two.answers(server);

      assertThat(before).as("killed in the midst").isLessThan(2 * REQUESTS);
      assertThat(alone.executedTwice()).isEmpty();
      assertThat(two.executedTwice()).isEmpty();
      long unknownAlone = unknown(answersAlone);
      long unknownTwo = unknown(answersTwo);
      System.out.printf(
          "restart: executed before %d; status 7 alone %d, of two %d; executed %d and %d%n",
          before, unknownAlone, unknownTwo, alone.executed(), two.executed());
      assertThat(unknownAlone).as("adopted again").isZero();
      assertThat(unknownTwo).isLessThanOrEqualTo(2 * HELD);
      // Whoever was not executed was told that it is unknown.
      assertThat(alone.executed() + unknownAlone).isEqualTo(REQUESTS);
      assertThat(two.executed() + unknownTwo).isGreaterThanOrEqualTo(REQUESTS);
    }
  }

  private static long unknown(Map<String, List<Integer>> answers) {
    return answers.values().stream().filter(each -> each.contains(7)).count();
  }
}
