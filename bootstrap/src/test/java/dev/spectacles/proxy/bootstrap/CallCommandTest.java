package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallCommandTest {
  private static final String URL = "https://discord.com/api/v10/gateway";

  @TempDir private Path directory;
  private CommandFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new CommandFixture(directory);
    answer(200, "{}");
  }

  @Test
  void call_jsonAnswer_printsStatusHeadersAndIndentedBody() {
    answer(200, "{\"a\":[1,2.50,12345678901234567890],\"b\":\"\u00e9\"}");

    int code = fixture.run("call", "GET", "/gateway");

    assertThat(code).isZero();
    assertThat(fixture.out())
        .isEqualTo(
            """
            HTTP 200 https://discord.com/api/v10/gateway
            content-type: application/json
            x-one: 1

            {
              "a" : [
                1,
                2.50,
                12345678901234567890
              ],
              "b" : "\u00e9"
            }
            """);
    assertThat(fixture.err()).isEmpty();
    assertThat(fixture.broker.life).containsExactly("client closed");
  }

  @Test
  void call_otherAnswer_printsItsBytes() {
    answer(200, "{\"a\":1} trailing");

    fixture.run("call", "GET", "/gateway");

    assertThat(fixture.out()).endsWith("\n\n{\"a\":1} trailing");
  }

  @Test
  void call_raw_printsTheBytesOnly() {
    byte[] bytes = {0, (byte) 0xff, 10, 13, (byte) 0x80};
    fixture.broker.answer =
        Optional.of(new ProxyResponse.Http(200, Headers.empty(), URL, Body.of(bytes)));

    int code = fixture.run("call", "GET", "/gateway", "--raw");

    assertThat(code).isZero();
    assertThat(fixture.outBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "204, 0", "302, 0", "399, 0", "400, 4", "404, 4", "429, 4", "500, 4"})
  void call_httpAnswer_exitCodeTellsErrors(int status, int exitCode) {
    answer(status, "");

    assertThat(fixture.run("call", "GET", "/gateway")).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @EnumSource(value = ResponseStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
  void call_proxyStatus_exitsWith5(ResponseStatus status) {
    fixture.broker.answer = Optional.of(new ProxyResponse.Failure(status, "why"));

    assertThat(fixture.run("call", "GET", "/gateway")).isEqualTo(5);
    assertThat(fixture.err().strip())
        .isEqualTo("Proxy status " + status.code() + " (" + status + "): why");
    assertThat(fixture.out()).isEmpty();
  }

  @Test
  void call_noAnswer_exitsWith3AndNamesTheBroker() {
    fixture.broker.answer = Optional.empty();

    assertThat(fixture.run("call", "GET", "/gateway", "--timeout", "1m 30s")).isEqualTo(3);
    assertThat(fixture.err().strip())
        .isEqualTo(
            "No answer within 1m 30s, and no proxy said that this was too short. Does one serve"
                + " group gateway, event REQUEST of this broker (fake)?");
    assertThat(fixture.broker.timeouts).containsExactly(Duration.ofSeconds(90));
  }

  @Test
  void call_brokerDown_exitsWith3() {
    fixture.broker.reachable = false;

    assertThat(fixture.run("call", "GET", "/gateway")).isEqualTo(3);
    assertThat(fixture.err().strip()).isEqualTo("fake:1 is not reachable");
  }

  @Test
  void call_everyOption_isInTheRequest() {
    fixture.run(
        "call",
        "POST",
        "/channels/1/messages",
        "-H",
        "X-One: 1:2",
        "--header",
        "Authorization:Bot x",
        "-q",
        "a=b=c",
        "--query",
        "d=",
        "-d",
        "plain");

    var call = fixture.broker.calls.getFirst();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/channels/1/messages");
    assertThat(call.headers()).isEqualTo(Map.of("X-One", "1:2", "Authorization", "Bot x"));
    assertThat(call.query()).isEqualTo(Map.of("a", "b=c", "d", ""));
    assertThat(call.body().orElseThrow()).isEqualTo("plain".getBytes(UTF_8));
    assertThat(fixture.broker.timeouts).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void call_nothingOptional_sendsNothingOptional() {
    fixture.environment.put("DISCORD_TOKEN", "hush");

    fixture.run("call", "GET", "/gateway");

    var call = fixture.broker.calls.getFirst();
    assertThat(call.headers()).isEmpty();
    assertThat(call.query()).isEmpty();
    assertThat(call.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"a\":1} | true", "[] | true", "12 | false", "{a:1} | false", "'' | false"})
  void call_jsonBody_hasItsContentType(String body, boolean json) {
    fixture.run("call", "POST", "/x", "-d", body);

    var headers = fixture.broker.calls.getFirst().headers();
    assertThat(headers).isEqualTo(json ? Map.of("Content-Type", "application/json") : Map.of());
  }

  @Test
  void call_jsonBodyWithContentType_keepsTheCallers() {
    fixture.run("call", "POST", "/x", "-d", "{}", "-H", "content-type: text/plain");

    assertThat(fixture.broker.calls.getFirst().headers())
        .isEqualTo(Map.of("content-type", "text/plain"));
  }

  @Test
  void call_dataFromFileOrInput_isPassedByteForByte() throws IOException {
    byte[] bytes = {0, (byte) 0xff, '@'};
    Files.write(directory.resolve("body.bin"), bytes);

    fixture.run("call", "POST", "/x", "-d", "@body.bin");
    fixture.input(bytes).run("call", "POST", "/x", "-d", "@-");

    assertThat(fixture.broker.calls).hasSize(2);
    assertThat(fixture.broker.calls)
        .allSatisfy(call -> assertThat(call.body().orElseThrow()).isEqualTo(bytes));
  }

  @ParameterizedTest
  @CsvSource({"abc.def, Bot abc.def", "Bearer abc, Bearer abc", "Bot abc, Bot abc"})
  void call_tokenEnv_isTheAuthorization(String value, String sent) {
    fixture.environment.put("MY_TOKEN", value);

    fixture.run("call", "GET", "/users/@me", "--token-env", "MY_TOKEN");

    assertThat(fixture.broker.calls.getFirst().headers()).isEqualTo(Map.of("Authorization", sent));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "call",
        "call GET",
        "call GET /x extra",
        "call GET /x --unknown",
        "call GET /x -H hush",
        "call GET /x -H :hush",
        "call GET /x -H a:1 -H A:2",
        "call GET /x -q a",
        "call GET /x -q =b",
        "call GET /x -q a=1 -q a=2",
        "call GET /x -d @missing",
        "call GET /x -d @.",
        "call GET /x --timeout 5",
        "call GET /x --timeout 0s",
        "call GET /x --timeout=",
        "call GET /x --token-env NOT_SET",
        "call GET /x --token-env MTc1.hush.hush",
        "call GET /x --token-env TOKEN -H authorization:x",
        "call GET /x --config missing.toml"
      })
  void call_wrongUsage_exitsWith2AndSendsNothing(String arguments) {
    fixture.environment.put("TOKEN", "t");

    assertThat(fixture.run(arguments.split(" "))).isEqualTo(2);
    assertThat(fixture.err()).isNotBlank().doesNotContain("hush");
    assertThat(fixture.broker.calls).isEmpty();
  }

  private void answer(int code, String body) {
    var headers = Headers.empty().with("content-type", "application/json").with("x-one", "1");
    fixture.broker.answer = Optional.of(new ProxyResponse.Http(code, headers, URL, Body.of(body)));
  }
}
