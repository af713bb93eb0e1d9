package dev.spectacles.proxy.adapter.discord;

import static dev.spectacles.proxy.adapter.discord.Api.OK;
import static dev.spectacles.proxy.adapter.discord.Api.SECRET;
import static dev.spectacles.proxy.adapter.discord.Api.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request without an answer is told to have come to. */
class FailureTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void connect_refused_isNotSent(String method) throws Exception {
    int port = freePort();
    try (var api = new Api(Api.settings(port, Api.LONG))) {
      var failure = api.failure(secret(method));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure)
          .hasMessage(
              "discord at 127.0.0.1:%d: the connection was refused; nothing was sent"
                  .formatted(port));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void host_unknown_isNotSent(String method) throws Exception {
    var settings =
        new DiscordSettings(URI.create("http://nowhere.invalid/api"), 10, Api.LONG, 1, "agent");
    try (var api = new Api(settings)) {
      var failure = api.failure(secret(method));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure)
          .hasMessage(
              "discord at nowhere.invalid:80: the host name cannot be resolved; nothing was sent");
    }
  }

  @Test
  void connect_neverAccepted_isNotSent() throws Exception {
    // A backlog of one that is full: the kernel drops what comes after.
    try (var full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var filling = new Connections(full.getLocalPort());
        var api = new Api(Api.settings(full.getLocalPort(), Duration.ofMillis(900)))) {
      var failure = api.failure(secret("POST"));

      assertThat(filling.opened()).isPositive();
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessageEndingWith("no connection within 300 ms; nothing was sent");
    }
  }

  @Test
  void answer_never_isMaybeSentAndTheConnectionClosed() throws Exception {
    try (var server = new RawServer(FailureTest::readAndWait);
        var api = new Api(Api.settings(server.port(), SHORT))) {
      var failure = api.failure(secret("POST"));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(failure).hasMessageEndingWith(": no answer within 400 ms");
      assertThat(server.seesClose(0)).isTrue();
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void answer_headDribbling_isCutOff() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write("HTTP/1.1 200 OK\r\nX-Slow: ");
                  connection.awaitClose();
                });
        var api = new Api(Api.settings(server.port(), SHORT))) {
      var failure = api.failure(secret("GET"));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(failure).hasMessageEndingWith(": no answer within 400 ms");
      assertThat(server.seesClose(0)).isTrue();
    }
  }

  @Test
  void answer_bodyStalling_isCutOff() throws Exception {
    try (var server = new RawServer(FailureTest::stallInBody);
        var api = new Api(Api.settings(server.port(), SHORT))) {
      var failure = api.failure(secret("GET"));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(failure).hasMessageEndingWith(": no complete answer within 400 ms");
      assertThat(server.seesClose(0)).isTrue();
    }
  }

  @Test
  void deadline_shorterThanTheTimeout_isTold() throws Exception {
    try (var server = new RawServer(FailureTest::stallInBody);
        var api = Api.of(server)) {
      var failure = api.failure(secret("POST"), Optional.of(SHORT));

      assertThat(failure.kind()).isEqualTo(Kind.DEADLINE_PASSED);
      assertThat(failure).hasMessageEndingWith(": no answer before the request's deadline");
      assertThat(server.seesClose(0)).isTrue();
    }
  }

  @Test
  void deadline_longerThanTheTimeout_isNotWhatPassed() throws Exception {
    try (var server = new RawServer(FailureTest::readAndWait);
        var api = new Api(Api.settings(server.port(), SHORT))) {
      var failure = api.failure(secret("POST"), Optional.of(Api.LONG));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
    }
  }

  @Test
  void deadline_whileConnecting_isTold() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var filling = new Connections(full.getLocalPort());
        var api = new Api(Api.settings(full.getLocalPort(), Api.LONG))) {
      var failure = api.failure(secret("POST"), Optional.of(SHORT));

      assertThat(filling.opened()).isPositive();
      assertThat(failure.kind()).isEqualTo(Kind.DEADLINE_PASSED);
    }
  }

  @Test
  void deadline_passedBefore_sendsNothing() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      var failure = api.failure(secret("POST"), Optional.of(Duration.ZERO));

      assertThat(failure.kind()).isEqualTo(Kind.DEADLINE_PASSED);
      assertThat(failure)
          .hasMessageEndingWith("the request's deadline had passed already; nothing was sent");
      assertThat(server.accepted).hasValue(0);
    }
  }

  @Test
  void connection_resetBeforeTheAnswer_isMaybeSentOnce() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.reset();
                });
        var api = Api.of(server)) {
      var failure = api.failure(secret("POST"));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(failure).hasMessageEndingWith("the connection was lost before an answer came");
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void connection_resetWithinTheHead_isMaybeSent() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write("HTTP/1.1 20");
                  connection.reset();
                });
        var api = Api.of(server)) {
      assertThat(api.failure(secret("POST")).kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(server.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
  void connection_closedWithinTheBody_isMaybeSent(String framing) throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write("HTTP/1.1 201 Created\r\n" + framing + "\r\n\r\n5\r\nab");
                });
        var api = Api.of(server)) {
      var failure = api.failure(secret("POST"));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(failure)
          .hasMessageEndingWith(": answered 201, but the connection was lost within the body");
    }
  }

  @Test
  void body_thatTheServerDoesNotRead_isMaybeSent() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.readByte();
                  connection.reset();
                });
        var api = Api.of(server)) {
      var large = Body.of(new byte[8 * 1024 * 1024]);
      var failure = api.failure(request("POST", "/channels/1/messages", List.of(), large));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(server.accepted).hasValue(1);
    }
  }

  @Test
  void messages_ofEveryFailure_holdNoSecret() throws Exception {
    var failures = new ArrayList<DiscordException>();
    RawServer.Script[] scripts = {
      RawServer.Connection::reset,
      FailureTest::readAndWait,
      FailureTest::stallInBody,
      connection -> {
        connection.read();
        connection.write(
            "HTTP/1.1 200 " + SECRET + "\r\nX: " + SECRET + "\r\nbad " + SECRET + ": x");
        connection.write("\r\n\r\n");
      },
      connection -> {
        connection.read();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n");
        connection.write(SECRET.repeat(20_000));
        connection.awaitClose();
      }
    };
    for (RawServer.Script script : scripts) {
      for (String method : List.of("GET", "POST")) {
        try (var server = new RawServer(script);
            var api = new Api(Api.settings(server.port(), SHORT))) {
          failures.add(api.failure(secret(method)));
        }
      }
    }

    assertThat(failures).hasSize(2 * scripts.length);
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure.getMessage())
                    .startsWith("discord at 127.0.0.1:")
                    .doesNotContain(SECRET, "/webhooks"));
  }

  private static void readAndWait(RawServer.Connection connection) throws IOException {
    connection.read();
    connection.awaitClose();
  }

  private static void stallInBody(RawServer.Connection connection) throws IOException {
    connection.read();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    connection.awaitClose();
  }

  /** Request with the mark in every place where a secret may be. */
  private static ProxyRequest secret(String method) {
    return request(
        method,
        "/webhooks/1/" + SECRET,
        List.of(new QueryParameter(SECRET, SECRET)),
        method.equals("GET") ? Body.empty() : Body.of(SECRET),
        new Header("authorization", "Bot " + SECRET));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Connections that fill a server's backlog, and stay open. */
  private static final class Connections implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    Connections(int port) {
      try {
        for (int i = 0; i < 64; i++) {
          var socket = new Socket();
          socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 200);
          sockets.add(socket);
        }
        throw new AssertionError("the backlog takes more than 64 connections");
      } catch (IOException e) {
        // Full.
      }
    }

    int opened() {
      return sockets.size();
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
