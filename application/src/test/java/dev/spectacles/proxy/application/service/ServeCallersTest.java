package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.in.ServeCaller;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.testing.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCallersTest {
  private static final ProxyResponse OK =
      new ProxyResponse.Http(200, Headers.empty(), "", Body.empty());

  private final ManualClock clock = new ManualClock();
  private final List<String> told = new ArrayList<>();
  private final List<ProxyRequest> handled = new ArrayList<>();
  private final List<Deadline> deadlines = new ArrayList<>();
  private HandleRequest handler =
      (request, route, deadline, marker) -> {
        handled.add(request);
        deadlines.add(deadline);
        return OK;
      };

  private final ProxyEvents events =
      new ProxyEvents() {
        @Override
        public void requestReceived() {
          told.add("received");
        }

        @Override
        public void requestFinished(Route route, ProxyResponse response, Duration elapsed) {
          told.add("finished " + route.key() + " " + response.status());
        }

        @Override
        public void replyLost() {
          told.add("lost");
        }

        @Override
        public void held(int requests, long bytes) {
          told.add("held " + requests + " " + bytes);
        }
      };

  /** Caller that takes its answer, or does not. */
  private record Caller(ProxyRequest request, boolean listens, List<ProxyResponse> answers)
      implements ServeCaller.Call {
    @Override
    public HandleRequest.SentMarker marker() {
      return HandleRequest.SentMarker.NONE;
    }

    @Override
    public boolean reply(ProxyResponse response) {
      answers.add(response);
      return listens;
    }

    ProxyResponse answer() {
      return answers.getFirst();
    }
  }

  private static Caller caller(String method, String path, Map<String, String> headers)
      throws InvalidRequestException {
    return new Caller(
        new ProxyRequest(
            new HttpMethod(method),
            ApiPath.parse(path),
            List.of(),
            Headers.parse(headers),
            Body.empty(),
            Optional.empty()),
        true,
        new ArrayList<>());
  }

  private ServeCallers serving(Optional<String> credentials) {
    return serving(credentials, false);
  }

  private ServeCallers serving(Optional<String> credentials, boolean mayPurge) {
    return new ServeCallers(
        handler,
        new HeldBudget(1, 1_000),
        clock,
        events,
        new ServeCallers.Settings(Optional.of(Duration.ofSeconds(9)), credentials, mayPurge));
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /@cache/guilds/1, false, 403",
    "DELETE, /@cache/rest, false, 403",
    "DELETE, /v9/@cache/users/1, false, 403",
    "GET, /@cache/stats, false, 200",
    "DELETE, /guilds/1, false, 200",
    "DELETE, /@cache/guilds/1, true, 200"
  })
  void purge_isForThoseOnlyWhoShowedTheSecret(
      String method, String path, boolean mayPurge, int code) throws Exception {
    Caller caller = caller(method, path, Map.of());

    serving(Optional.empty(), mayPurge).serve(caller);

    assertThat(caller.answer())
        .isInstanceOfSatisfying(
            ProxyResponse.Http.class, answer -> assertThat(answer.code()).isEqualTo(code));
    assertThat(handled).hasSize(code == 403 ? 0 : 1);
  }

  @Test
  void request_isHandledWithinTheTimeout_andCounted() throws Exception {
    Caller caller = caller("GET", "/users/@me", Map.of());
    serving(Optional.empty()).serve(caller);

    assertThat(caller.answer()).isEqualTo(OK);
    assertThat(deadlines.getFirst())
        .isEqualTo(Deadline.after(Duration.ofSeconds(9), clock.nanoTime()));
    assertThat(told).containsExactly("received", "finished GET /users/@me SUCCESS");
  }

  @Test
  void answerNobodyTakes_isCountedAsLost() throws Exception {
    Caller caller = caller("GET", "/users/@me", Map.of());
    serving(Optional.empty()).serve(new Caller(caller.request(), false, new ArrayList<>()));
    assertThat(told).containsExactly("received", "lost", "finished GET /users/@me SUCCESS");
  }

  @Test
  void traceOfARequest_isInItsLinesOfTheLogAndNoOthers() throws Exception {
    String id = "4bf92f3577b34da6a3ce929d0e0e4736";
    var traced = Map.of("traceparent", "00-" + id + "-00f067aa0ba902b7-01");
    handler =
        (request, route, deadline, marker) -> {
          throw new StoreException("planted");
        };
    try (var log = new CapturedLog(ServeCallers.class)) {
      serving(Optional.empty()).serve(caller("GET", "/users/@me", traced));
      assertThat(log.text().lines().filter(line -> line.contains("/users/@me")))
          .isNotEmpty()
          .allMatch(line -> line.endsWith(" trace_id=" + id));
    }
    try (var log = new CapturedLog(ServeCallers.class)) {
      serving(Optional.empty()).serve(caller("GET", "/users/@me", Map.of()));
      assertThat(log.text()).contains("WARN").doesNotContain("trace_id");
    }
  }

  @Test
  void failures_areAnswered() throws Exception {
    Caller caller = caller("GET", "/users/@me", Map.of());
    handler =
        (request, route, deadline, marker) -> {
          throw new StoreException("planted");
        };
    serving(Optional.empty()).serve(caller);
    assertThat(caller.answer().status()).isEqualTo(ResponseStatus.UNKNOWN_ERROR);

    handler =
        (request, route, deadline, marker) -> {
          throw new IllegalStateException("planted defect");
        };
    Caller other = caller("GET", "/users/@me", Map.of());
    serving(Optional.empty()).serve(other);
    assertThat(other.answer()).hasToString(other.answer().toString().replace("planted", "-"));
    assertThat(other.answer().status()).isEqualTo(ResponseStatus.UNKNOWN_ERROR);
  }

  @Test
  void interruptedWait_hasNoAnswer_andIsCounted() throws Exception {
    handler =
        (request, route, deadline, marker) -> {
          throw new InterruptedException("gone");
        };
    Caller caller = caller("GET", "/users/@me", Map.of());
    assertThatThrownBy(() -> serving(Optional.empty()).serve(caller))
        .isInstanceOf(InterruptedException.class);
    assertThat(caller.answers()).isEmpty();
    assertThat(told).containsExactly("received", "finished GET /users/@me REQUEST_TIMEOUT");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /users/@me, , Bot default",
    "GET, /users/@me, authorization, own",
    "GET, /users/@me, origin, ",
    "GET, /users/@me, sec-fetch-site, ",
    "POST, /interactions/123456789012345678/token/callback, , ",
    "POST, /webhooks/123456789012345678/a-token, , ",
    "GET, /webhooks/123456789012345678, , Bot default",
    "POST, /oauth2/token, , ",
    "POST, /oauth2/token/revoke, , ",
    "GET, /oauth2/applications/@me, , Bot default",
  })
  void defaultToken_isForThoseWhoNeedOne(
      String method, String path, String header, String credentials) throws Exception {
    Caller caller = caller(method, path, header == null ? Map.of() : Map.of(header, "own"));
    serving(Optional.of("Bot default")).serve(caller);
    assertThat(handled.getFirst().headers().first("authorization"))
        .isEqualTo(Optional.ofNullable(credentials));
  }

  @Test
  void room_isLeftOnce() throws Exception {
    ServeCallers serving = serving(Optional.empty());
    ServeCaller.Room room = serving.tryHold(400).orElseThrow();
    assertThat(serving.tryHold(1)).as("one request at a time").isEmpty();
    assertThat(serving.hold(1, Duration.ofMillis(1))).isEmpty();
    assertThat(room.grow(600, Duration.ofMillis(1))).isTrue();
    assertThat(room.grow(1, Duration.ofMillis(1))).isFalse();
    room.close();
    room.close();
    assertThat(told).containsExactly("held 1 400", "held 0 0");
  }
}
