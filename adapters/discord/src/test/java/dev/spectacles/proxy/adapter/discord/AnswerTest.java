package dev.spectacles.proxy.adapter.discord;

import static dev.spectacles.proxy.adapter.discord.Api.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller gets to see of an answer. */
class AnswerTest {
  @Test
  void body_allByteValues_areReturnedAsTheyAre() throws Exception {
    byte[] all = new byte[1024];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String latin1 = new String(all, ISO_8859_1);
    try (var server =
            RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + latin1);
        var api = Api.of(server)) {
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.code()).isEqualTo(200);
      assertThat(answer.body().bytes()).isEqualTo(all);
      assertThat(answer.headers().first("content-length")).contains("1024");
    }
  }

  @Test
  void body_chunkedWithTrailer_isPutTogether() throws Exception {
    String answered =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n"
            + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    try (var server = RawServer.answering(answered);
        var api = Api.of(server)) {
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.body().utf8()).isEqualTo("abcde");
      assertThat(answer.headers().fields()).isEmpty();
    }
  }

  @Test
  void body_untilTheConnectionCloses_isComplete() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it");
                });
        var api = Api.of(server)) {
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.body().utf8()).isEqualTo("all of it");
    }
  }

  @Test
  void body_encoded_staysEncoded() throws Exception {
    try (var server =
            RawServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\037\213\b");
        var api = Api.of(server)) {
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.headers().first("content-encoding")).contains("gzip");
      assertThat(answer.body().bytes()).containsExactly(0x1f, 0x8b, 0x08);
    }
  }

  @Test
  void noContent_hasNoBody() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 204 No Content\r\nx-a: 1\r\n\r\n");
        var api = Api.of(server)) {
      var answer = api.send(request("PUT", "/channels/1/pins/2", ""));

      assertThat(answer.code()).isEqualTo(204);
      assertThat(answer.body().isEmpty()).isTrue();
      assertThat(answer.headers().fields()).containsExactly(new Header("x-a", "1"));
    }
  }

  @Test
  void head_withLength_hasNoBodyAndNoLength() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n");
        var api = Api.of(server)) {
      var answer = api.send(request("HEAD", "/gateway", ""));

      assertThat(answer.body().isEmpty()).isTrue();
      assertThat(answer.headers().contains("content-length")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 429, 500, 502, 599})
  void errors_ofDiscord_areAnswers(int code) throws Exception {
    try (var server =
            RawServer.answering("HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\n{}".formatted(code));
        var api = Api.of(server)) {
      var answer = api.send(request("POST", "/channels/1/messages", "{}"));

      assertThat(answer.code()).isEqualTo(code);
      assertThat(answer.body().utf8()).isEqualTo("{}");
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void headers_ofTheConnection_areNotReturned() throws Exception {
    String answered =
        """
        HTTP/1.1 200 OK
        Connection: keep-alive, X-Nominated
        Keep-Alive: timeout=5
        X-Nominated: 1
        Proxy-Authenticate: Basic
        Proxy-Connection: x
        TE: x
        Trailer: x
        Upgrade: h2c
        HTTP2-Settings: x
        Content-Length: 2
        X-RateLimit-Limit: 5
        Set-Cookie: a=1
        Via: 1.1 google
        set-cookie: b=2

        ok\
        """
            .replace("\n", "\r\n");
    try (var server = RawServer.answering(answered);
        var api = Api.of(server)) {
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.headers().fields())
          .containsExactlyInAnyOrder(
              new Header("content-length", "2"),
              new Header("x-ratelimit-limit", "5"),
              new Header("set-cookie", "a=1"),
              new Header("via", "1.1 google"),
              new Header("set-cookie", "b=2"));
      assertThat(answer.headers().joined()).containsEntry("set-cookie", "a=1, b=2");
    }
  }

  @Test
  void header_beyondAscii_isReturned() throws Exception {
    try (var server =
            RawServer.answering(
                "HTTP/1.1 200 OK\r\nX-Name: caf\u00e9 \u00ff\r\nContent-Length: 0\r\n\r\n");
        var api = Api.of(server)) {
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.headers().first("x-name")).contains("caf\u00e9 \u00ff");
    }
  }

  @Test
  void informationalAnswers_areSkipped() throws Exception {
    try (var server =
            RawServer.answering(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var api = Api.of(server)) {
      assertThat(api.send(request("GET", "/gateway", "")).code()).isEqualTo(200);
    }
  }

  @Test
  void redirect_isTheAnswerAndNotFollowed() throws Exception {
    try (var target = RawServer.answering(Api.OK);
        var server =
            RawServer.answering(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/x\r\nContent-Length: 0\r\n\r\n"
                    .formatted(target.port()));
        var api = Api.of(server)) {
      var answer =
          api.send(request("GET", "/gateway", "", new Header("authorization", "Bot secret")));

      assertThat(answer.code()).isEqualTo(302);
      assertThat(answer.headers().first("location"))
          .contains("http://127.0.0.1:%d/x".formatted(target.port()));
      assertThat(answer.url()).endsWith("/api/v10/gateway");
      assertThat(target.accepted).hasValue(0);
    }
  }

  @Test
  void body_ofTheLargestSizePermitted_isReturned() throws Exception {
    String answered = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000);
    try (var server = RawServer.answering(answered);
        var api = Api.of(server)) {
      assertThat(api.send(request("GET", "/gateway", "")).body().size()).isEqualTo(100_000);
    }
  }

  @Test
  void body_tooLarge_isGivenUpAndTheConnectionClosed() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
                  connection.write("x".repeat(100_001));
                  connection.awaitClose();
                });
        var api = Api.of(server)) {
      var failure = api.failure(request("GET", "/gateway", ""));

      assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE_ANSWER);
      assertThat(failure)
          .hasMessage(
              "discord at 127.0.0.1:%d: answered 200 with a body of more than 100000 bytes"
                      .formatted(server.port())
                  + " (discord.max_response_bytes)");
      assertThat(server.seesClose(0)).isTrue();
    }
  }

  @Test
  void answer_thatIsNoHttp_isUnusable() throws Exception {
    try (var server = RawServer.answering("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        var api = Api.of(server)) {
      var failure = api.failure(request("POST", "/channels/1/messages", "{}"));

      assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE_ANSWER);
      assertThat(failure).hasMessageEndingWith("sent an answer that is not valid HTTP/1.1");
      assertThat(server.requests).hasSize(1);
    }
  }
}
