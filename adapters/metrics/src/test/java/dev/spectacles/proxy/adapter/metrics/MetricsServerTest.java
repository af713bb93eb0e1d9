package dev.spectacles.proxy.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.in.CheckReadiness.Readiness;
import dev.spectacles.proxy.domain.request.Body;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsServerTest {
  private final PrometheusProxyEvents events = new PrometheusProxyEvents();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    events.close();
    client.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics", "/metrics"})
  void get_ofThePath_isTheExposition(String path) throws Exception {
    events.requestReceived();
    try (var server = MetricsServer.start("127.0.0.1:0", path, events)) {
      var response = send(server, "GET", "/metrics");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(response.body()).contains("\nproxy_received_total 1.0\n");
    }
  }

  @Test
  void get_ofTheRoot_isTheExpositionWhereAsked() throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "", events)) {
      assertThat(send(server, "GET", "/").body()).contains("proxy_received_total");
    }
  }

  @Test
  void head_hasNoBody() throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      var response = send(server, "HEAD", "/metrics");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics/", "/metricsx", "/metrics/more"})
  void get_ofAnotherPath_isNotFound(String path) throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      var response = send(server, "GET", path);

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body()).isEqualTo("not found: there are /healthz, /metrics\n");
    }
  }

  @Test
  void health_isOk() throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      var response = send(server, "GET", "/healthz");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("ok\n");
      assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    }
  }

  @Test
  void readiness_saysWhyNot_thenThatItIs() throws Exception {
    var found =
        new AtomicReference<>(
            new Readiness(List.of("broker away", "stopping"), List.of("limits not shared")));
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      server.add(MetricsServer.READINESS, Page.readiness(found::get));

      var not = send(server, "GET", "/readyz");
      assertThat(not.statusCode()).isEqualTo(503);
      assertThat(not.body()).isEqualTo("not ready\nbroker away\nstopping\nlimits not shared\n");

      found.set(new Readiness(List.of(), List.of("limits not shared")));
      var ready = send(server, "GET", "/readyz");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).isEqualTo("ready\nlimits not shared\n");
    }
  }

  @Test
  void addedPage_isServedAsItIs() throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      server.add("/", () -> new Page.Content(200, "text/html; charset=utf-8", Body.of("<p>ü")));

      var response = send(server, "GET", "/?q=1");

      assertThat(response.body()).isEqualTo("<p>ü");
      assertThat(response.headers().firstValue("content-type"))
          .contains("text/html; charset=utf-8");
      assertThatThrownBy(() -> server.add("/metrics", () -> Page.Content.text(200, "")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("page: /metrics is there already");
    }
  }

  @Test
  void pageThatFails_is500AndTheServerGoesOn() throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      server.add(
          "/broken",
          () -> {
            throw new IllegalStateException("test");
          });

      assertThat(send(server, "GET", "/broken").statusCode()).isEqualTo(500);
      assertThat(send(server, "GET", "/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void page_fiveAtOnce_keepsTheFifthOutAndNobodyFromAnotherPage() throws Exception {
    var inside = new CountDownLatch(4);
    var release = new CountDownLatch(1);
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      server.add(
          "/slow",
          () -> {
            inside.countDown();
            release.await();
            return Page.Content.text(200, "at last\n");
          });
      List<Future<HttpResponse<String>>> slow = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        slow.add(callers.submit(() -> send(server, "GET", "/slow")));
      }
      assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();

      var fifth = send(server, "GET", "/slow");
      assertThat(fifth.statusCode()).isEqualTo(503);
      assertThat(fifth.headers().firstValue("retry-after")).contains("1");
      assertThat(send(server, "GET", "/healthz").statusCode()).isEqualTo(200);
      release.countDown();
      for (var each : slow) {
        assertThat(each.get(10, TimeUnit.SECONDS).body()).isEqualTo("at last\n");
      }
    }
  }

  @Test
  void post_isNotAllowed() throws Exception {
    try (var server = MetricsServer.start("127.0.0.1:0", "metrics", events)) {
      var response = send(server, "POST", "/metrics");

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
    }
  }

  @Test
  void start_onATakenPort_saysSo() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String addr = "127.0.0.1:" + taken.getLocalPort();

      assertThatThrownBy(() -> MetricsServer.start(addr, "metrics", events))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage(
              "metrics.addr: %s cannot be listened on (Address already in use): stop what uses it"
                      .formatted(addr)
                  + " or choose another port");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "3000", ":3000", "localhost", "localhost:", "::1:3000", "h:70000", "h:-1"})
  void start_withNoAddress_saysWhatOneIs(String addr) {
    assertThatThrownBy(() -> MetricsServer.start(addr, "metrics", events))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metrics.addr: \"%s\" (expected: host:port, such as 0.0.0.0:3000 or [::]:3000)"
                .formatted(addr));
  }

  @Test
  void start_withAnUnknownHost_saysSo() {
    assertThatThrownBy(() -> MetricsServer.start("nowhere.invalid:3000", "metrics", events))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metrics.addr: \"nowhere.invalid:3000\" (expected: a host that can be resolved)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a?b", "a#b", "%61", "é", "/healthz", "readyz"})
  void start_withNoPath_saysSo(String path) {
    assertThatThrownBy(() -> MetricsServer.start("127.0.0.1:0", path, events))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("metrics.path: \"" + path + "\" (expected: ");
  }

  @Test
  void close_withAnIdleConnectionAndAHalfRequest_freesThePort() throws Exception {
    var server = MetricsServer.start("127.0.0.1:0", "metrics", events);
    int port = server.address().getPort();
    try (var half = new Socket("127.0.0.1", port)) {
      half.getOutputStream()
          .write("GET /metr".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      send(server, "GET", "/metrics");
      long before = System.nanoTime();
      server.close();

      assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
      assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  private HttpResponse<String> send(MetricsServer server, String method, String path)
      throws Exception {
    var url = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(url).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }
}
