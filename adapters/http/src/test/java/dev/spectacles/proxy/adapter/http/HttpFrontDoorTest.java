package dev.spectacles.proxy.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.service.HeldBudget;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through the door, either way. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpFrontDoorTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterAll
  void stop() {
    client.close();
  }

  private HttpResponse<byte[]> send(OpenDoor door, HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void request_arrivesAsItWasSent() throws Exception {
    try (var door = new OpenDoor(OpenDoor.echo())) {
      HttpResponse<byte[]> answer =
          send(
              door,
              HttpRequest.newBuilder(door.url("/api/v10/channels/1/messages?limit=5&q=a%20b"))
                  .header("Authorization", "Bot abc")
                  .header("X-Spectacles-Priority", "high")
                  .header("X-Forwarded-For", "10.0.0.1")
                  .header("traceparent", "00-1-2-01")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"content\":\"ü\"}")));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new String(answer.body(), UTF_8)).isEqualTo("{\"content\":\"ü\"}");
      ProxyRequest request = door.seen.getFirst();
      assertThat(request.method().name()).isEqualTo("POST");
      assertThat(request.path().value()).isEqualTo("/channels/1/messages");
      assertThat(request.query())
          .containsExactly(new QueryParameter("limit", "5"), new QueryParameter("q", "a b"));
      assertThat(request.headers().first("authorization")).contains("Bot abc");
      assertThat(request.headers().first("x-spectacles-priority")).contains("high");
      assertThat(request.headers().first("traceparent")).contains("00-1-2-01");
      assertThat(request.headers().contains("x-forwarded-for")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 1 << 20, 8 << 20})
  void body_ofAnySize_isWhole(int size) throws Exception {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    try (var door = new OpenDoor(OpenDoor.echo())) {
      HttpResponse<byte[]> known =
          send(
              door,
              HttpRequest.newBuilder(door.url("/x"))
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
      assertThat(known.body()).isEqualTo(bytes);

      HttpResponse<byte[]> chunked =
          send(
              door,
              HttpRequest.newBuilder(door.url("/x"))
                  .PUT(
                      HttpRequest.BodyPublishers.ofInputStream(
                          () -> new ByteArrayInputStream(bytes))));
      assertThat(chunked.body()).isEqualTo(bytes);
    }
  }

  @Test
  void body_ofMostTinyChunks_isWhole() throws Exception {
    int chunks = 20_000;
    try (var door = new OpenDoor(OpenDoor.echo());
        var caller = door.caller()) {
      caller.write(
          "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "1\r\na\r\n".repeat(chunks)
              + "0\r\n\r\n");
      assertThat(caller.answer().body()).isEqualTo("a".repeat(chunks));
    }
  }

  @Test
  void expectContinue_isToldToGoOn() throws Exception {
    try (var door = new OpenDoor(OpenDoor.echo());
        var caller = door.caller()) {
      caller.write(
          "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
              + "Expect: 100-continue\r\n\r\n");
      assertThat(caller.answer().code()).isEqualTo(100);
      caller.write("hi");
      assertThat(caller.answer().body()).isEqualTo("hi");
    }
  }

  @Test
  void requests_oneAfterAnother_shareAConnection() throws Exception {
    try (var door = new OpenDoor(OpenDoor.echo());
        var caller = door.caller()) {
      for (int i = 0; i < 3; i++) {
        assertThat(caller.get("/users/" + i).answer().code()).isEqualTo(200);
      }
      caller.write("GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(caller.answer().header("connection")).isEqualTo("close");
      assertThat(caller.isClosed()).isTrue();
    }
  }

  @Test
  void head_andNoContent_haveNoBody() throws Exception {
    HandleRequest handler =
        (request, route, deadline, marker) ->
            new ProxyResponse.Http(
                request.method().is("DELETE") ? 204 : 200,
                Headers.of(Map.of("content-type", "application/json")),
                "",
                request.method().is("GET") ? Body.of("{}") : Body.empty());
    try (var door = new OpenDoor(handler);
        var caller = door.caller()) {
      caller.write("HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(caller.head()).get().extracting(RawCaller.Answer::code).isEqualTo(200);
      caller.write("DELETE /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
      RawCaller.Answer deleted = caller.head().orElseThrow();
      assertThat(deleted.code()).isEqualTo(204);
      assertThat(deleted.headers()).doesNotContainKey("content-length");
      assertThat(caller.get("/x").answer().body()).isEqualTo("{}");
    }
  }

  @Test
  void answer_losesTheLimits_whichTheProxyKeeps() throws Exception {
    var headers = new LinkedHashMap<String, String>();
    headers.put("x-ratelimit-remaining", "0");
    headers.put("x-ratelimit-reset-after", "60");
    headers.put("x-ratelimit-scope", "user");
    headers.put("retry-after", "3");
    headers.put("alt-svc", "h3=\":443\"");
    headers.put("content-length", "99");
    headers.put("etag", "W/\"1\"");
    HandleRequest handler =
        (request, route, deadline, marker) ->
            new ProxyResponse.Http(
                request.path().value().equals("/limited") ? 429 : 200,
                Headers.of(headers),
                "",
                Body.of("{}"));
    try (var door = new OpenDoor(handler);
        var caller = door.caller()) {
      assertThat(caller.get("/x").answer().headers())
          .containsOnlyKeys("retry-after", "etag", "content-length")
          .containsEntry("content-length", "2");
      assertThat(caller.get("/limited").answer().headers())
          .containsOnlyKeys("x-ratelimit-scope", "retry-after", "etag", "content-length");
    }
  }

  @Test
  void madeAnswer_namesTheProxyAsItsGateway() throws Exception {
    HandleRequest handler =
        (request, route, deadline, marker) ->
            new ProxyResponse.Http(
                429, Headers.of(Map.of("x-spectacles-source", "proxy")), "", Body.of("{}"));
    try (var door = new OpenDoor(handler);
        var caller = door.caller()) {
      assertThat(caller.get("/x").answer().header("via")).isEqualTo("1.1 spectacles-proxy");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_ERROR, false, 500",
    "INVALID_HEADERS, false, 400",
    "REQUEST_FAILURE, true, 502",
    "REQUEST_TIMEOUT, false, 408",
    "REQUEST_TIMEOUT, true, 504",
  })
  void failure_isAnErrorInDiscordsForm(ResponseStatus status, boolean sent, int code)
      throws Exception {
    HandleRequest handler =
        (request, route, deadline, marker) -> {
          if (sent) {
            marker.sending();
          }
          return new ProxyResponse.Failure(status, "a \"reason\"");
        };
    try (var door = new OpenDoor(handler);
        var caller = door.caller()) {
      RawCaller.Answer answer = caller.get("/x").answer();
      assertThat(answer.code()).isEqualTo(code);
      assertThat(answer.header("x-spectacles-source")).isEqualTo("proxy");
      assertThat(answer.header("x-spectacles-status")).isEqualTo(status.name());
      assertThat(answer.body())
          .startsWith("{\"message\":\"" + code + ": ")
          .endsWith("(a \\\"reason\\\")\",\"code\":0}");
      assertThat(caller.get("/x").answer().code()).as("the connection lives on").isEqualTo(code);
    }
  }

  @Test
  void defect_isAnswered() throws Exception {
    HandleRequest handler =
        (request, route, deadline, marker) -> {
          throw new IllegalStateException("planted");
        };
    try (var door = new OpenDoor(handler);
        var caller = door.caller()) {
      RawCaller.Answer answer = caller.get("/x").answer();
      assertThat(answer.code()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("planted");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', 401", "X-Spectacles-Secret: wrong, 401", "X-Spectacles-Secret: s3cret, 200"})
  void secret_isDemandedAndKept(String header, int code) throws Exception {
    try (var door =
            new OpenDoor(
                OpenDoor.echo(),
                Optional.of("s3cret"),
                HttpSettings.Times.USUAL,
                new HeldBudget(10, 1 << 20));
        var caller = door.caller()) {
      String field = header.isEmpty() ? "" : header + "\r\n";
      caller.write("GET /x HTTP/1.1\r\nHost: anything\r\n" + field + "\r\n");
      assertThat(caller.answer().code()).isEqualTo(code);
      assertThat(door.seen).hasSize(code == 200 ? 1 : 0);
      door.seen.forEach(
          request -> assertThat(request.headers().contains("x-spectacles-secret")).isFalse());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:80, 200",
    "127.0.0.1, 200",
    "[::1]:8080, 200",
    "bot.localhost, 200",
    "evil.example, 421",
    "localhost.evil.example, 421",
  })
  void hostOfOthers_isRefusedWithoutASecret(String host, int code) throws Exception {
    try (var door = new OpenDoor(OpenDoor.echo());
        var caller = door.caller()) {
      caller.write("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(caller.answer().code()).isEqualTo(code);
    }
  }
}
