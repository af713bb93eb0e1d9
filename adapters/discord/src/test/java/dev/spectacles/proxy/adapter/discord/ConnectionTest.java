package dev.spectacles.proxy.adapter.discord;

import static dev.spectacles.proxy.adapter.discord.Api.OK;
import static dev.spectacles.proxy.adapter.discord.Api.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections are used, and let go. */
class ConnectionTest {
  private static final long PATIENCE_SECONDS = 15;

  @Test
  void connection_afterAnAnswer_isUsedAgain() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      for (int i = 0; i < 5; i++) {
        api.send(request("POST", "/channels/1/messages", "{}"));
      }

      assertThat(server.requests).hasSize(5);
      assertThat(server.accepted).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "PUT", "DELETE"})
  void connection_brokenInUse_doesNotSendAgain(String method) throws Exception {
    // Looks alive in the pool, and dies when the second request has come in.
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write(OK);
                  connection.read();
                  connection.reset();
                });
        var api = Api.of(server)) {
      api.send(request("GET", "/gateway", ""));
      var failure = api.failure(request(method, "/channels/1", ""));

      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(server.requests).hasSize(2);
      assertThat(server.accepted).hasValue(1);
    }
  }

  @Test
  void connection_brokenInUse_sendsAGetOnceMore() throws Exception {
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write(OK);
                  connection.read();
                  connection.reset();
                });
        var api = Api.of(server)) {
      api.send(request("GET", "/gateway", ""));
      var answer = api.send(request("GET", "/gateway", ""));

      assertThat(answer.code()).isEqualTo(200);
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void connection_closedWhileIdle_isReplaced() throws Exception {
    var gone = new CountDownLatch(1);
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n");
                  connection.write("Content-Length: 0\r\n\r\n");
                  connection.awaitClose();
                  gone.countDown();
                });
        var api = Api.of(server)) {
      api.send(request("POST", "/channels/1/messages", "{}"));
      assertThat(gone.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      api.send(request("POST", "/channels/1/messages", "{}"));

      assertThat(server.accepted).hasValue(2);
    }
  }

  @Test
  void interruption_ofTheCaller_closesTheConnection() throws Exception {
    var arrived = new CountDownLatch(1);
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  arrived.countDown();
                  connection.awaitClose();
                });
        var api = Api.of(server)) {
      var outcome =
          new FutureTask<>(
              () -> {
                try {
                  api.send(request("POST", "/channels/1/messages", "{}"));
                  return "answered";
                } catch (InterruptedException e) {
                  return "interrupted";
                }
              });
      Thread caller = Thread.ofVirtual().start(outcome);
      assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      caller.interrupt();

      assertThat(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("interrupted");
      assertThat(server.seesClose(0)).isTrue();
    }
  }

  @Test
  @Timeout(PATIENCE_SECONDS)
  void send_interruptedBefore_throwsAtOnce() throws Exception {
    try (var server = new RawServer(RawServer.Connection::awaitClose);
        var api = Api.of(server)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> api.send(request("GET", "/gateway", "")))
          .isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void close_withAnExchange_endsItInBoundedTime() throws Exception {
    var arrived = new CountDownLatch(1);
    try (var server =
            new RawServer(
                connection -> {
                  connection.read();
                  arrived.countDown();
                  connection.awaitClose();
                });
        var api = Api.of(server)) {
      var outcome =
          new FutureTask<>(() -> api.failure(request("POST", "/channels/1/messages", "{}")));
      Thread.ofVirtual().start(outcome);
      assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      long before = System.nanoTime();
      api.stop();

      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(4));
      var failure = outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(failure.kind()).isEqualTo(Kind.MAYBE_SENT);
      assertThat(failure).hasMessageEndingWith("the proxy stopped before an answer came");
      assertThat(server.seesClose(0)).isTrue();
    }
  }

  @Test
  void send_afterClose_isNotSent() throws Exception {
    try (var server = RawServer.answering(OK);
        var api = Api.of(server)) {
      api.stop();
      var failure = api.failure(request("POST", "/channels/1/messages", "{}"));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessageEndingWith("the proxy is stopping; nothing was sent");
      assertThat(server.accepted).hasValue(0);
    }
  }

  @Test
  void requests_twoHundredAtOnce_getTheirOwnAnswers() throws Exception {
    int count = 200;
    var all = new CountDownLatch(count);
    try (var server =
            new RawServer(
                connection -> {
                  while (connection.read()) {
                    all.countDown();
                    all.await();
                    String line = connection.last().line();
                    connection.write(
                        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(line.length(), line));
                  }
                });
        var api = Api.of(server);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<ProxyResponse.Http>>();
      for (int i = 0; i < count; i++) {
        var request = request("PUT", "/channels/" + i, "{}");
        answers.add(callers.submit(() -> api.send(request)));
      }

      for (int i = 0; i < count; i++) {
        assertThat(answers.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS).body().utf8())
            .isEqualTo("PUT /api/v10/channels/" + i + " HTTP/1.1");
      }
      assertThat(server.accepted).hasValue(count);
    }
  }

  @Test
  void start_withRetriesOfAllMethods_isRefused() {
    System.setProperty("jdk.httpclient.enableAllMethodRetry", "true");
    try {
      assertThatThrownBy(() -> new Api(Api.settings(1, Api.LONG)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("jdk.httpclient.enableAllMethodRetry: \"true\" (expected: unset)");
    } finally {
      System.clearProperty("jdk.httpclient.enableAllMethodRetry");
    }
  }
}
