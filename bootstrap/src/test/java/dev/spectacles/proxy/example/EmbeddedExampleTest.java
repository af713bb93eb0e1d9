package dev.spectacles.proxy.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.bootstrap.EmbeddedProxy;
import dev.spectacles.proxy.bootstrap.config.ConfigException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedExampleTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path SOURCE =
      Path.of("src/test/java/dev/spectacles/proxy/example/EmbeddedExample.java");
  private static final Duration SOON = Duration.ofSeconds(30);

  private final SimulatorServer discord = SimulatorServer.start(Scenarios.unlimited());
  private final Map<String, String> settings =
      Map.of("discord.api_url", discord.apiUrl().toString());

  @AfterEach
  void close() {
    discord.close();
  }

  @Test
  void readme_example_isThisSource() throws IOException {
    String source = Files.readString(SOURCE);
    String example = source.substring(source.indexOf("import "));

    assertThat(example.lines().filter(line -> !line.isBlank())).hasSize(15);
    assertThat(Files.readString(README)).contains("```java\n" + example + "```\n");
  }

  @Test
  void example_run_isAnsweredByDiscord() throws Exception {
    Optional<ProxyResponse> answer = EmbeddedExample.run("Bot embedded", settings);

    assertThat(answer)
        .hasValueSatisfying(
            response -> assertThat(((ProxyResponse.Http) response).code()).isEqualTo(200));
  }

  @Test
  void call_wrong_isAnsweredAsOverAnyBroker() throws Exception {
    try (var proxy = EmbeddedProxy.start(settings)) {
      var call = new Call("GET", "no-slash", Map.of(), Map.of(), Optional.empty());

      assertThat(proxy.client().call(call, SOON))
          .hasValueSatisfying(
              answer -> assertThat(answer.status()).isEqualTo(ResponseStatus.INVALID_PATH));
    }
  }

  @Test
  void call_afterClose_isRefused() throws Exception {
    RequestClient client;
    try (var proxy = EmbeddedProxy.start(settings)) {
      client = proxy.client();
    }
    var call = new Call("GET", "/gateway", Map.of(), Map.of(), Optional.empty());

    assertThatThrownBy(() -> client.call(call, SOON)).isInstanceOf(BrokerException.class);
  }

  @Test
  void settings_wrong_areAllTold() {
    assertThatThrownBy(
            () ->
                EmbeddedProxy.start(
                    Map.of("discord.api_ulr", "x", "timeout", "5", "broker.type", "redis")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("discord.api_ulr: unknown key (did you mean discord.api_url?)")
        .hasMessageContaining("timeout: \"5\"")
        .hasMessageContaining("broker.type: \"redis\" (expected: local");
  }
}
