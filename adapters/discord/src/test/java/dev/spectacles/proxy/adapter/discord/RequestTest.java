package dev.spectacles.proxy.adapter.discord;

import static dev.spectacles.proxy.adapter.discord.Api.OK;
import static dev.spectacles.proxy.adapter.discord.Api.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Discord gets to see of a request. */
class RequestTest {
  @Test
  void body_allByteValues_areSentAsTheyAre() throws Exception {
    byte[] all = new byte[1024];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(request("POST", "/channels/1/messages", List.of(), Body.of(all)));

      assertThat(server.request().body()).isEqualTo(all);
      assertThat(server.request().header("content-length")).containsExactly("1024");
    }
  }

  @Test
  void body_ofAGet_isSent() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(request("GET", "/gateway", "asked"));

      assertThat(server.request().body()).asString().isEqualTo("asked");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE", "POST", "PUT", "PATCH", "OPTIONS", "PURGE"})
  void contentLength_withoutBody_isZero(String method) throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 204 No Content\r\n\r\n");
        var api = Api.of(server)) {
      api.send(request(method, "/channels/1", ""));

      assertThat(server.request().line()).isEqualTo(method + " /api/v10/channels/1 HTTP/1.1");
      assertThat(server.request().header("content-length")).containsExactly("0");
      assertThat(server.request().headerNames()).doesNotContain("transfer-encoding");
    }
  }

  @Test
  void method_inLowerCase_isSentAsItIs() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(request("get", "/gateway", ""));

      assertThat(server.request().line()).isEqualTo("get /api/v10/gateway HTTP/1.1");
    }
  }

  /** W3C Trace Context, section 3.4: who takes no part in a trace passes it on as it is. */
  @Test
  void traceContext_isPassedOnUnchanged() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(
          request(
              "GET",
              "/gateway",
              "",
              new Header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
              new Header("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")));

      assertThat(server.request().header("traceparent"))
          .containsExactly("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      assertThat(server.request().header("tracestate"))
          .containsExactly("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    }
  }

  @Test
  void headers_ofTheConnectionOrTheProxy_areNotPassedOn() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(
          request(
              "POST",
              "/channels/1/messages",
              "{}",
              new Header("host", "evil.example"),
              new Header("content-length", "9999"),
              new Header("connection", "close, X-Nominated ,, x-other"),
              new Header("connection", "x-third"),
              new Header("x-nominated", "1"),
              new Header("x-other", "1"),
              new Header("x-third", "1"),
              new Header("keep-alive", "timeout=5"),
              new Header("proxy-authorization", "Basic x"),
              new Header("proxy-connection", "close"),
              new Header("te", "trailers"),
              new Header("trailer", "x-checksum"),
              new Header("transfer-encoding", "chunked"),
              new Header("upgrade", "h2c"),
              new Header("expect", "100-continue"),
              new Header("http2-settings", "AAMAAABkAAQAAP__"),
              new Header("accept-encoding", "gzip"),
              new Header("x-spectacles-priority", "high"),
              new Header("x-spectacles-max-wait", "5s"),
              new Header("authorization", "Bot x")));

      assertThat(server.request().headerNames())
          .containsExactlyInAnyOrder("host", "content-length", "user-agent", "authorization");
      assertThat(server.request().header("host")).containsExactly("127.0.0.1:" + server.port());
      assertThat(server.request().header("content-length")).containsExactly("2");
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void headers_ofTheCaller_arePassedOnWithRepetitions() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(
          request(
              "POST",
              "/channels/1/messages",
              "{}",
              new Header("authorization", "Bot x"),
              new Header("content-type", "multipart/form-data; boundary=\"a b\""),
              new Header("x-audit-log-reason", "na%C3%AFve"),
              new Header("x-twice", "one"),
              new Header("x-twice", "two"),
              new Header("x-empty", ""),
              new Header("date", "now"),
              new Header("via", "1.1 here")));

      var got = server.request();
      assertThat(got.header("authorization")).containsExactly("Bot x");
      assertThat(got.header("content-type"))
          .containsExactly("multipart/form-data; boundary=\"a b\"");
      assertThat(got.header("x-audit-log-reason")).containsExactly("na%C3%AFve");
      assertThat(got.header("x-twice")).containsExactly("one", "two");
      assertThat(got.header("x-empty")).containsExactly("");
      assertThat(got.header("date")).containsExactly("now");
      assertThat(got.header("via")).containsExactly("1.1 here");
    }
  }

  @Test
  void userAgent_absent_isInDiscordsForm() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(request("GET", "/gateway", ""));

      assertThat(server.request().header("user-agent"))
          .containsExactly("DiscordBot (https://example.org, 1.2.3)");
    }
  }

  @Test
  void userAgent_ofTheCaller_isKept() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.send(request("GET", "/gateway", "", new Header("user-agent", "DiscordBot (mine, 1)")));

      assertThat(server.request().header("user-agent")).containsExactly("DiscordBot (mine, 1)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /users/@me                              | /users/@me
          /channels/1/messages/2/reactions/%F0%9F%91%8D/@me | /channels/1/messages/2/reactions/%F0%9F%91%8D/@me
          /channels/1/messages/2/reactions/👍/@me | /channels/1/messages/2/reactions/%F0%9F%91%8D/@me
          /channels/1/messages/2/reactions/a:1/@me | /channels/1/messages/2/reactions/a:1/@me
          /a%2bb%2B/é                             | /a%2bb%2B/%C3%A9
          /a!$&'()*+,;=:@-._~z                    | /a!$&'()*+,;=:@-._~z
          /a"<>[]^`{}b                            | /a%22%3C%3E%5B%5D%5E%60%7B%7Db
          /api/v9/users/@me                       | /api/v9/users/@me
          /users/                                 | /users/
          """,
      quoteCharacter = '\0')
  void path_ofAnyForm_isPassedOnOrEncoded(String path, String sent) throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      var answer = api.send(request("GET", path, ""));

      assertThat(server.request().line()).isEqualTo("GET /api/v10" + sent + " HTTP/1.1");
      assertThat(answer.url()).isEqualTo("http://127.0.0.1:" + server.port() + "/api/v10" + sent);
    }
  }

  @Test
  void url_ofARequest_isTheOneThatAnAnswerNames() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      var request =
          request(
              "GET",
              "/channels/1/messages",
              List.of(new QueryParameter("content", "a b&c=👍")),
              Body.empty());
      var answer = api.send(request);

      assertThat(api.discord.url(request))
          .isEqualTo(answer.url())
          .endsWith("/api/v10/channels/1/messages?content=a%20b%26c%3D%F0%9F%91%8D");
      assertThat(server.request().line())
          .isEqualTo("GET /api/v10/channels/1/messages?content=a%20b%26c%3D%F0%9F%91%8D HTTP/1.1");
    }
  }
}
