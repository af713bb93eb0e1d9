package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar's commands, as a user types them. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {
  private static final Pattern REDIS_URL = Pattern.compile("redis://127\\.0\\.0\\.1:\\d+");

  @TempDir private Path directory;
  private EmbeddedRedis redis;
  private Upstream discord;
  private ProxyProcess proxy;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    redis = EmbeddedRedis.start();
    discord = new Upstream(CommandLineIT::answer);
    proxy = ProxyProcess.start(ProxyProcess.settings(redis.url(), discord.apiUrl()));
  }

  @AfterAll
  void stop() {
    proxy.close();
    discord.close();
    redis.close();
  }

  @Test
  void help_namesTheCommands() throws Exception {
    var result = new CommandLine(directory).run("--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("serve", "call", "check");
  }

  @Test
  void version_isThatOfTheBuild() throws Exception {
    var result = new CommandLine(directory).run("--version");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).matches("Spectacles Proxy \\d+\\.\\d+\\.\\d+\\S*\\s*");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void check_printsValuesAndOrigins_withSecretsMasked() throws Exception {
    Files.writeString(directory.resolve("fine.toml"), "timeout = \"7s\"\n[redis]\npool_size = 8\n");
    var result =
        new CommandLine(directory)
            .set("REDIS_URL", "redis://user:pass-word@redis.example:6380/2")
            .run("check", "--config", "fine.toml");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).containsPattern("(?m)^timeout +7s +.*fine\\.toml");
    assertThat(result.out()).containsPattern("(?m)^redis\\.url .*REDIS_URL");
    assertThat(result.out()).containsPattern("(?m)^broker\\.group +gateway +default");
    assertThat(result.out() + result.err()).doesNotContain("pass-word");
  }

  @Test
  void check_tellsAllMistakesAtOnce() throws Exception {
    Files.writeString(
        directory.resolve("wrong.toml"),
        """
        timeout = "soon"
        [redis]
        poolsize = 8
        [discord]
        api_version = "ten"
        [broker]
        max_bucket_share = 101
        """);
    var commandLine = new CommandLine(directory).set("RATELIMIT_GLOBAL", "-1");
    for (String command : List.of("check", "serve")) {
      var result = commandLine.run(command, "--config", "wrong.toml");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .contains(
              "wrong.toml",
              "timeout",
              "soon",
              "poolsize",
              "pool_size",
              "api_version",
              "max_bucket_share",
              "RATELIMIT_GLOBAL");
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void wrongUsage_is2() throws Exception {
    var commandLine = connected();

    assertThat(commandLine.run("call", "GET").exitCode()).isEqualTo(2);
    assertThat(commandLine.run("no-such-command").exitCode()).isEqualTo(2);
    var header = commandLine.run("call", "GET", "/gateway", "-H", "Bot secret-token");
    assertThat(header.exitCode()).isEqualTo(2);
    assertThat(header.err()).contains("-H").doesNotContain("secret-token");
    assertThat(commandLine.run("call", "POST", "/echo", "-d", "@missing.json").exitCode())
        .isEqualTo(2);
  }

  @Test
  void call_thatSucceeds_printsStatusHeadersAndBody() throws Exception {
    var result =
        connected()
            .set("DISCORD_TOKEN", "of-the-bot")
            .run(
                "call", "POST", "/echo", "--token-env", "DISCORD_TOKEN", "-q", "a=b c", "-d", "{}");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("HTTP 200 " + discord.apiUrl() + "/v10/echo?a=b%20c\n")
        .contains("x-seen-type: application/json\n", "x-seen-authorization: Bot of-the-bot\n")
        .contains("\n\n{");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void call_withHttpError_is4() throws Exception {
    var result = connected().run("call", "GET", "/status/404");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.out()).startsWith("HTTP 404 ");
  }

  @Test
  void call_thatTheProxyRefuses_is5() throws Exception {
    var result = connected().run("call", "GET", "no-slash");

    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.err()).startsWith("Proxy status 3 ").contains("path: ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void call_withoutAnswer_is3() throws Exception {
    var nobody = connected().set("BROKER_EVENT", "NOBODY").run("call", "GET", "/", "--timeout=1s");
    assertThat(nobody.exitCode()).isEqualTo(3);
    assertThat(nobody.err()).contains("No answer within 1s", "NOBODY");

    var noBroker =
        new CommandLine(directory)
            .set("REDIS_URL", "127.0.0.1:" + RedisServers.freePort())
            .run("call", "GET", "/gateway", "--timeout=2s");
    assertThat(noBroker.exitCode()).isEqualTo(3);
    assertThat(noBroker.err()).isNotBlank().doesNotContain("\tat ");
  }

  @Test
  void call_sendsFileAndStandardInput_andPrintsRawBytes() throws Exception {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    Files.write(directory.resolve("body.bin"), bytes);

    var file = connected().run("call", "PUT", "/echo", "-d", "@body.bin", "--raw");
    assertThat(file.exitCode()).as(file.err()).isZero();
    assertThat(file.rawOut()).isEqualTo(bytes);

    var stdin = connected().run(bytes, "call", "PUT", "/echo", "-d", "@-", "--raw");
    assertThat(stdin.exitCode()).as(stdin.err()).isZero();
    assertThat(stdin.rawOut()).isEqualTo(bytes);
  }

  @Test
  void serveEmbedded_needsNothingElse() throws Exception {
    var settings = new HashMap<String, String>();
    settings.put("DISCORD_API_URL", discord.apiUrl().toString());
    try (var embedded = ProxyProcess.start(settings, List.of("--embedded"))) {
      var url = REDIS_URL.matcher(embedded.output());
      assertThat(url.find()).as(embedded.output()).isTrue();

      var result =
          new CommandLine(directory).set("REDIS_URL", url.group()).run("call", "GET", "/echo");

      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(embedded.terminate(Duration.ofSeconds(15))).isZero();
    }
  }

  private CommandLine connected() {
    return new CommandLine(directory).set("REDIS_URL", redis.url());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int status = path.contains("/status/") ? Integer.parseInt(path.replaceAll(".*/", "")) : 200;
    var seen = exchange.getRequestHeaders();
    for (String name : List.of("type", "authorization")) {
      String value = seen.getFirst(name.equals("type") ? "Content-Type" : name);
      if (value != null) {
        exchange.getResponseHeaders().set("X-Seen-" + name, value);
      }
    }
    Upstream.answer(exchange, status, (byte[]) exchange.getAttribute("body"));
  }
}
