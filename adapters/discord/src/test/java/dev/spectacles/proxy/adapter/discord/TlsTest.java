package dev.spectacles.proxy.adapter.discord;

import static dev.spectacles.proxy.adapter.discord.Api.OK;
import static dev.spectacles.proxy.adapter.discord.Api.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What TLS changes about connecting, and about connections that break. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private SSLContext tls;

  @BeforeAll
  void makeCertificate(@TempDir Path folder) throws Exception {
    tls = Certificate.forLoopback(folder);
  }

  @Test
  void exchange_withATrustedServer_isAnswered() throws Exception {
    try (var server = new RawServer(tls, TlsTest::answerAll);
        var api = trusting(server)) {
      var answer = api.send(request("POST", "/channels/1/messages", "{}"));

      assertThat(answer.body().utf8()).isEqualTo("ok");
      assertThat(answer.url()).startsWith("https://127.0.0.1:");
      assertThat(server.request().body()).asString().isEqualTo("{}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void certificate_thatNobodyTrusts_isNotSent(String method) throws Exception {
    try (var server = new RawServer(tls, TlsTest::answerAll);
        var api = new Api(Api.settings("https", server.port(), Api.LONG))) {
      var failure = api.failure(request(method, "/channels/1/messages", ""));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure)
          .hasMessageEndingWith("the TLS certificate is not trusted; nothing was sent");
      assertThat(server.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void handshake_cutOff_isNotSent(String method) throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.readByte();
                  connection.reset();
                });
        var api = trusting(server)) {
      var failure = api.failure(request(method, "/channels/1/messages", ""));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessageEndingWith("the TLS handshake failed; nothing was sent");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void server_withoutTls_isNotSent(String method) throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.readByte();
                  connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
                  connection.awaitClose();
                });
        var api = trusting(server)) {
      var failure = api.failure(request(method, "/channels/1/messages", ""));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessageEndingWith("the TLS handshake failed; nothing was sent");
    }
  }

  @Test
  void connection_resetInUse_isMaybeSentAndNotSentAgain() throws Exception {
    breakInUse(RawServer.Connection::reset);
  }

  @Test
  void connection_closedInUse_isMaybeSentAndNotSentAgain() throws Exception {
    breakInUse(RawServer.Connection::cut);
  }

  @Test
  void connection_garbledInUse_isMaybeSentAndNotSentAgain() throws Exception {
    breakInUse(
        connection -> {
          connection.garble();
          connection.awaitClose();
        });
  }

  private void breakInUse(RawServer.Script breaking) throws Exception {
    try (var server =
            new RawServer(
                tls,
                connection -> {
                  connection.read();
                  connection.write(OK);
                  connection.read();
                  breaking.serve(connection);
                });
        var api = trusting(server)) {
      api.send(request("GET", "/gateway", ""));
      var failure = api.failure(request("POST", "/channels/1/messages", "{}"));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(server.requests).hasSize(2);
      assertThat(server.accepted).hasValue(1);
    }
  }

  private Api trusting(RawServer server) {
    return new Api(Api.settings("https", server.port(), Api.LONG), tls);
  }

  private static void answerAll(RawServer.Connection connection) throws IOException {
    while (connection.read()) {
      connection.write(OK);
    }
  }
}
