package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that users run, serving other processes of the machine. */
class IpcIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PATIENCE_SECONDS = 60;

  @TempDir private Path directory;
  private Upstream discord;

  @BeforeEach
  void start() throws IOException {
    discord = Upstream.answeringOk();
  }

  @AfterEach
  void stop() {
    discord.close();
  }

  @Test
  void stdio_answersOnStandardOutputOnly_andEndsWithItsInput() throws Exception {
    var child = child(Map.of());
    try (var in = child.outputWriter(UTF_8)) {
      in.write(request("\"a\"", "/users/@me") + request("2", "no-slash"));
      // Without an answer, nor a line end at the end of input.
      in.write("{\"event\":\"REQUEST\",\"data\":{\"method\":\"POST\",\"path\":\"/typing\"}}");
    }

    var answers = new HashMap<String, JsonNode>();
    for (String line : child.inputReader(UTF_8).lines().toList()) {
      JsonNode answer = JSON.readTree(line);
      answers.put(answer.path("key").asText(), answer.path("data"));
    }
    assertThat(answers).containsOnlyKeys("a", "2");
    assertThat(answers.get("a").at("/body/status").asInt()).isEqualTo(200);
    assertThat(answers.get("a").at("/body/body").toString()).isEqualTo("[123,125]");
    assertThat(answers.get("2").path("status").asInt()).isEqualTo(3);
    assertThat(discord.seen()).hasSize(2);
    assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
    assertThat(Files.readString(errors()))
        .contains("Spectacles Proxy", " serves.", "nothing more will come over stdio", "stopped");
  }

  @Test
  void stdio_packetsBeforeTheEnd_areAllPublished() throws Exception {
    int packets = 200;
    var child = child(Map.of("GATEWAY_SERVE_SEND", "true", "GATEWAY_SHARD_COUNT", "1"));
    try (var in = child.outputWriter(UTF_8)) {
      for (int i = 0; i < packets; i++) {
        in.write(
            "{\"event\":\"SEND\",\"data\":{\"guild_id\":\"7\",\"packet\":{\"n\":" + i + "}}}\n");
      }
    }

    List<String> published = child.inputReader(UTF_8).lines().toList();

    assertThat(published).hasSize(packets).doesNotHaveDuplicates();
    assertThat(published).last().isEqualTo("{\"event\":\"0\",\"data\":{\"n\":199}}");
    assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
  }

  @Test
  void stdio_toldToStop_answersWhatItHolds() throws Exception {
    discord.closeGate();
    var child = child(Map.of());
    try (var in = child.outputWriter(UTF_8);
        BufferedReader out = child.inputReader(UTF_8)) {
      in.write(request("1", "/users/@me"));
      in.flush();
      Until.holds("sent to Discord", () -> discord.seen().size() == 1);

      child.toHandle().destroy();

      JsonNode answer = JSON.readTree(out.readLine());
      assertThat(answer.path("key").asInt()).isEqualTo(1);
      assertThat(answer.at("/data/status").asInt()).isEqualTo(7);
      assertThat(answer.at("/data/body").asText()).contains("the proxy stopped");
      assertThat(out.readLine()).isNull();
    }
    assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
  }

  @Test
  void socket_servesCall_andIsRemoved() throws Exception {
    Path socket = Files.createTempDirectory("ipc").resolve("proxy.sock");
    Map<String, String> settings =
        Map.of(
            "BROKER_TYPE", "ipc",
            "IPC_PATH", socket.toString(),
            "DISCORD_API_URL", discord.apiUrl().toString());
    var call = new CommandLine(directory).set("BROKER_TYPE", "ipc");
    call.set("IPC_PATH", socket.toString());
    assertThat(call.run("call", "GET", "/gateway").err()).contains("Nobody serves at " + socket);
    try (var proxy = ProxyProcess.start(settings)) {
      var answered = call.run("call", "GET", "/gateway");
      assertThat(answered.exitCode()).as(answered.err()).isZero();
      assertThat(answered.out()).startsWith("HTTP 200 ");
      assertThat(call.run("call", "GET", "no-slash").exitCode()).isEqualTo(5);

      var second = call.run("serve");
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.err()).contains("ipc.path: " + socket + " is served by another process");

      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
    }
    assertThat(socket).doesNotExist();
    Files.delete(socket.getParent());
  }

  private Process child(Map<String, String> settings) throws IOException {
    var builder =
        new ProcessBuilder(ProxyProcess.command())
            .directory(directory.toFile())
            .redirectError(errors().toFile());
    builder.environment().put("BROKER_TYPE", "ipc");
    builder.environment().put("DRAIN_TIMEOUT", "2s");
    builder.environment().put("DISCORD_API_URL", discord.apiUrl().toString());
    builder.environment().putAll(settings);
    return builder.start();
  }

  private Path errors() {
    return directory.resolve("errors.log");
  }

  private static String request(String key, String path) {
    return "{\"event\":\"REQUEST\",\"data\":{\"method\":\"GET\",\"path\":\""
        + path
        + "\"},\"key\":"
        + key
        + "}\n";
  }
}
