package dev.spectacles.proxy.adapter.ipc;

import static dev.spectacles.proxy.application.port.out.BrokerContract.failure;
import static dev.spectacles.proxy.application.port.out.BrokerContract.onThread;
import static dev.spectacles.proxy.application.port.out.BrokerContract.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IpcRequestClientTest {
  private static final RequestClient.Call CALL =
      new RequestClient.Call(
          "PUT", "/a", Map.of("q", "é"), Map.of("h", "v"), Optional.of(new byte[] {0, -1}));

  private IpcBench bench;
  private IpcBroker broker;
  private RequestClient client;

  @BeforeEach
  void connect() throws Exception {
    bench = new IpcBench(IpcBench.Way.SOCKET);
    broker = bench.open("a");
    client =
        new IpcBrokerProvider(Map.of())
            .connect(
                IpcBench.context("call", Map.of("path", bench.path("a").toString()), () -> {}));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    bench.close();
  }

  @Test
  void call_answered_returnsTheAnswer() throws Exception {
    FutureTask<Optional<ProxyResponse>> call =
        onThread(() -> client.call(CALL, Duration.ofSeconds(20)));

    Delivery delivery = one(broker);
    assertThat(delivery.request().query().getFirst().value()).isEqualTo("é");
    assertThat(delivery.request().headers().joined()).containsEntry("h", "v");
    assertThat(delivery.request().body().bytes()).containsExactly(0, -1);
    assertThat(delivery.request().timeout()).contains(Duration.ofSeconds(20));
    assertThat(delivery.reply(failure())).isTrue();

    assertThat(call.get(20, TimeUnit.SECONDS)).contains(failure());
  }

  @Test
  void call_notAnswered_returnsNothingAfterTheTimeout() throws Exception {
    assertThat(client.call(CALL, Duration.ofMillis(10))).isEmpty();
  }

  @Test
  void call_proxyGoes_saysSo() throws Exception {
    FutureTask<Optional<ProxyResponse>> call =
        onThread(() -> client.call(CALL, Duration.ofSeconds(20)));
    Delivery held = one(broker);
    broker.close();

    assertThat(call.get(20, TimeUnit.SECONDS).orElseThrow().status().code()).isEqualTo(7);
    assertThatThrownBy(held::markSent).isInstanceOf(BrokerException.class);
    FutureTask<Optional<ProxyResponse>> next =
        onThread(() -> client.call(CALL, Duration.ofSeconds(20)));
    assertThatThrownBy(() -> next.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("hung up");
  }
}
