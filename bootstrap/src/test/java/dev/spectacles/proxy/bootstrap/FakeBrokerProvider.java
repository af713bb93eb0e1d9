package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Broker in the test's hands: answers calls with what was laid ready, and serves nothing. */
final class FakeBrokerProvider implements BrokerProvider {
  final List<RequestClient.Call> calls = new ArrayList<>();
  final List<Duration> timeouts = new ArrayList<>();
  final List<String> life = new CopyOnWriteArrayList<>();
  Optional<ProxyResponse> answer = Optional.empty();
  boolean reachable = true;
  Reach reach = Reach.OTHERS;
  boolean endsByItself;

  @Override
  public String type() {
    return "fake";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(
        List.of(
            ConfigKeys.secret("url", "fake:1", "Where it is."),
            ConfigKeys.text("mood", "good", "Whether it opens.")));
  }

  @Override
  public String describe(ConfigSection section) {
    if (section.text("url").orElse("").startsWith("nowhere")) {
      throw new IllegalArgumentException("fake.url: no address (expected: somewhere)");
    }
    return "somewhere";
  }

  @Override
  public void judge(String group, Optional<String> subgroup, String event) {
    if (group.equals("unspeakable")) {
      throw new IllegalArgumentException("broker.group: unspeakable (expected: another)");
    }
  }

  @Override
  public Reach reach(ConfigSection section) {
    return reach;
  }

  @Override
  public Broker open(BrokerContext context) {
    if (!context.section().text("mood").orElse("").equals("good")) {
      throw new BrokerException("the broker is in a bad mood");
    }
    if (endsByItself) {
      context.whenEnded().run();
    }
    return new IdleBroker(life, new CountDownLatch(1));
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    if (!reachable) {
      throw new BrokerException("fake:1 is not reachable");
    }
    return new RequestClient() {
      @Override
      public Optional<ProxyResponse> call(Call call, Duration timeout) {
        calls.add(call);
        timeouts.add(timeout);
        return answer;
      }

      @Override
      public void close() {
        life.add("client closed");
      }
    };
  }

  private record IdleBroker(List<String> life, CountDownLatch drained) implements Broker {
    @Override
    public void start() {
      life.add("started");
    }

    @Override
    public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
      drained.await(wait.toMillis(), TimeUnit.MILLISECONDS);
      return List.of();
    }

    @Override
    public void publish(String event, byte[] payload) {
      life.add("published " + event);
    }

    @Override
    public EventStream events(String subscriber, List<String> names) {
      life.add("read " + names + " as " + subscriber);
      return new IdleEventStream(life, drained);
    }

    @Override
    public void drain() {
      life.add("drained");
      drained.countDown();
    }

    @Override
    public void close() {
      life.add("closed");
    }
  }

  private record IdleEventStream(List<String> life, CountDownLatch drained) implements EventStream {
    @Override
    public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
      drained.await(wait.toMillis(), TimeUnit.MILLISECONDS);
      return List.of();
    }

    @Override
    public void close() {
      life.add("events closed");
    }
  }
}
