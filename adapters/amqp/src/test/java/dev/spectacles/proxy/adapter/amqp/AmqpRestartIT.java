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
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.testing.Eventually;
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
  private static final Duration STEP = Duration.ofMillis(40);

  /** Requests of one exchange, those who work on them, and what became of each. */
  private static final class Drill {
    private final RabbitBench bench;
    private final String replies;
    private final Map<String, AtomicInteger> dispatches = new ConcurrentHashMap<>();
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
              count(dispatches, request);
              // Each of another length, so that the kill meets them at every step.
              int number = Integer.parseInt(request.path().value().substring(1));
              new RealClock().sleep(STEP.multipliedBy(1 + number % 7));
              marker.mark();
              count(executions, request);
              new RealClock().sleep(STEP.multipliedBy(1 + number % 5));
              return new ProxyResponse.Http(200, Headers.empty(), "https://d/", Body.empty());
            };
        var instance =
            new ServeBroker(
                bench.create("i" + i), handler, new RealClock(), ProxyEvents.NOOP, settings);
        instances.add(instance);
      }
    }

    void start() {
      instances.forEach(ServeBroker::start);
    }

    private static void count(Map<String, AtomicInteger> counts, ProxyRequest request) {
      counts.computeIfAbsent(request.path().value(), path -> new AtomicInteger()).incrementAndGet();
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
      return twice(executions);
    }

    Set<String> dispatchedTwice() {
      return twice(dispatches);
    }

    private static Set<String> twice(Map<String, AtomicInteger> counts) {
      var twice = new HashSet<String>();
      counts.forEach(
          (path, count) -> {
            if (count.get() > 1) {
              twice.add(path);
            }
          });
      return twice;
    }

    void close() throws Exception {
      instances.forEach(ServeBroker::close);
      bench.close();
    }
  }

  @Test
  void restart_underLoad_losesNothingAndExecutesNothingTwice() throws Exception {
    RabbitServer server = RabbitServers.ours();
    var alone = new Drill(server, true, 1);
    var two = new Drill(server, true, 2);
    var unmarked = new Drill(server, false, 2);
    List<Drill> drills = List.of(alone, two, unmarked);
    try {
      drills.forEach(Drill::start);
      Eventually.holds("under way", () -> drills.stream().allMatch(each -> each.executed() > 100));
      server.kill();
      var before = drills.stream().map(Drill::executed).toList();
      server.startAgain();

      var unknown = new ArrayList<Long>();
      for (Drill drill : drills) {
        unknown.add(unknown(drill.answers(server)));
      }

      System.out.printf(
          "restart: of %d executed before %s, in the end %s; status 7: %s%n",
          REQUESTS, before, drills.stream().map(Drill::executed).toList(), unknown);
      assertThat(before).as("killed in the midst").allMatch(executed -> executed < REQUESTS);
      assertThat(drills).allSatisfy(drill -> assertThat(drill.executedTwice()).isEmpty());
      assertThat(alone.dispatchedTwice()).as("adopted").isEmpty();
      assertThat(alone.executed()).isEqualTo(REQUESTS);
      assertThat(unknown.getFirst()).isZero();
      assertThat(two.executed()).isEqualTo(REQUESTS);
      assertThat(unknown.get(1)).isLessThanOrEqualTo(2 * HELD);
      assertThat(unmarked.executed() + unknown.get(2)).isGreaterThanOrEqualTo(REQUESTS);
    } finally {
      for (Drill drill : drills) {
        drill.close();
      }
    }
  }

  private static long unknown(Map<String, List<Integer>> answers) {
    return answers.values().stream().filter(each -> each.contains(7)).count();
  }
}
