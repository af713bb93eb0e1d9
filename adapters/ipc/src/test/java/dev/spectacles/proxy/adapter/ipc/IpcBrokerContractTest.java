package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
final class IpcBrokerContractTest implements BrokerContract {
  private final IpcBench.Way way;
  private IpcBench bench;

  IpcBrokerContractTest(IpcBench.Way way) {
    this.way = way;
  }

  @BeforeEach
  void connect() throws IOException {
    bench = new IpcBench(way);
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
    return bench.client().publish(publication);
  }

  @Override
  public Caller publishUnreadable() {
    return bench.client().publishUnreadable();
  }

  @Override
  public Duration patience() {
    return IpcBench.PATIENCE;
  }

  @Override
  public Duration takeover() {
    return Duration.ofMillis(20);
  }

  /** What it does instead is in {@link IpcBrokerTest}. */
  @Override
  public boolean redelivers() {
    return false;
  }

  @Override
  public boolean carriesExpiry() {
    return false;
  }
}
