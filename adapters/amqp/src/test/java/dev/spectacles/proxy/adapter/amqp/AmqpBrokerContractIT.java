package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("amqp")
@NeedsRabbit
final class AmqpBrokerContractIT implements BrokerContract {
  private RabbitBench bench;

  @BeforeEach
  void connect() throws Exception {
    bench = new RabbitBench(RabbitServers.required());
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
    return bench.publish(new BasicProperties.Builder(), new byte[] {(byte) 0xC1, 0, 1});
  }

  @Override
  public Duration patience() {
    return RabbitBench.PATIENCE;
  }

  /** At once: the broker notices when a connection ends. */
  @Override
  public Duration takeover() {
    return Duration.ofMillis(250);
  }
}
