package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("amqp")
@NeedsRabbit
final class AmqpEventFeedContractIT implements EventFeedContract {
  private RabbitBench bench;

  @BeforeEach
  void connect() throws Exception {
    bench = new RabbitBench(RabbitServers.required());
  }

  @AfterEach
  void close() throws Exception {
    bench.channel().queueDelete(bench.group + ":feed");
    bench.channel().queueDelete(bench.group + ":second");
    bench.close();
  }

  @Override
  public Broker create(String instance) {
    return bench.create(instance);
  }

  @Override
  public List<String> names() {
    return List.of("ONE", "TWO", "THREE");
  }

  @Override
  public boolean keepsEvents() {
    return false;
  }
}
