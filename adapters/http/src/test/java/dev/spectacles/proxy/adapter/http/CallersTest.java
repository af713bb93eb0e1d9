package dev.spectacles.proxy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.service.HeldBudget;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who are slow, go away or ask before they were answered, and a door that closes. */
@Timeout(60)
class CallersTest {
  /** A handler that waits until it is told to go on. */
  private static final class Gate implements HandleRequest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch through = new CountDownLatch(1);
    private final boolean sends;

    Gate(boolean sends) {
      this.sends = sends;
    }

    @Override
    public dev.spectacles.proxy.domain.request.ProxyResponse handle(
        dev.spectacles.proxy.domain.request.ProxyRequest request,
        dev.spectacles.proxy.domain.route.Route route,
        dev.spectacles.proxy.domain.request.Deadline deadline,
        SentMarker marker)
        throws InterruptedException {
      if (sends) {
        marker.sending();
      }
      entered.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
      through.countDown();
      return OpenDoor.ok(Body.of("{}"), Map.of());
    }
  }

  private static boolean passed(CountDownLatch latch) throws InterruptedException {
    return latch.await(10, TimeUnit.SECONDS);
  }

  @Test
  void callerGone_endsTheWait() throws Exception {
    var gate = new Gate(false);
    try (var door = new OpenDoor(gate)) {
      try (var caller = door.caller()) {
        caller.get("/x");
        assertThat(passed(gate.entered)).isTrue();
      }
      assertThat(passed(gate.interrupted)).isTrue();
    }
  }

  @Test
  void callerGone_whileItIsSent_letsItGoOn() throws Exception {
    var gate = new Gate(true);
    try (var door = new OpenDoor(gate)) {
      try (var caller = door.caller()) {
        caller.get("/x");
        assertThat(passed(gate.entered)).isTrue();
      }
      assertThat(gate.interrupted.await(300, TimeUnit.MILLISECONDS)).isFalse();
      gate.opened.countDown();
      assertThat(passed(gate.through)).isTrue();
    }
  }

  @Test
  void pipelined_areAnsweredInTheirOrder() throws Exception {
    var gate = new Gate(false);
    try (var door = new OpenDoor(gate);
        var caller = door.caller()) {
      caller.get("/1").get("/2").get("/3");
      assertThat(passed(gate.entered)).isTrue();
      assertThat(door.seen).as("one at a time").hasSize(1);
      gate.opened.countDown();
      for (int i = 0; i < 3; i++) {
        assertThat(caller.answer().code()).isEqualTo(200);
      }
      assertThat(door.seen)
          .extracting(request -> request.path().value())
          .containsExactly("/1", "/2", "/3");
    }
  }

  @Test
  void slowHead_isGivenUp() throws Exception {
    try (var door = slow();
        var caller = door.caller()) {
      caller.write("GET /x HT");
      assertThat(caller.answer().code()).isEqualTo(408);
      assertThat(caller.isClosed()).isTrue();
    }
  }

  @Test
  void slowBody_isGivenUp_howeverOftenAByteComes() throws Exception {
    try (var door = slow();
        var caller = door.caller()) {
      caller.write("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
      var drip =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 100; i++) {
                        caller.write("a");
                        new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                      }
                    } catch (java.io.IOException | InterruptedException closed) {
                      Thread.currentThread().interrupt();
                    }
                  });
      assertThat(caller.answer().code()).isEqualTo(408);
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  void idleConnection_isClosed() throws Exception {
    try (var door = slow();
        var caller = door.caller();
        var silent = door.caller()) {
      assertThat(caller.get("/x").answer().code()).isEqualTo(200);
      assertThat(caller.isClosed()).isTrue();
      assertThat(silent.isClosed()).isTrue();
    }
  }

  private static OpenDoor slow() throws Exception {
    return new OpenDoor(
        OpenDoor.echo(), Optional.empty(), OpenDoor.SHORT, new HeldBudget(10, 1 << 20));
  }

  @Test
  void stop_answersWhatEndsInTime() throws Exception {
    var gate = new Gate(false);
    try (var door = new OpenDoor(gate);
        var idle = door.caller();
        var caller = door.caller()) {
      caller.get("/x");
      assertThat(passed(gate.entered)).isTrue();
      var stop = new FutureTask<Integer>(() -> door.door.stop(Duration.ofSeconds(10)));
      Thread.ofVirtual().start(stop);
      assertThat(idle.isClosed()).as("nobody waits on it").isTrue();

      gate.opened.countDown();
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.code()).isEqualTo(200);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(stop.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void stop_tellsTheOthersWhetherTheyWereSent() throws Exception {
    for (boolean sent : new boolean[] {false, true}) {
      var gate = new Gate(sent);
      try (var door = new OpenDoor(gate);
          var caller = door.caller()) {
        caller.get("/x");
        assertThat(passed(gate.entered)).isTrue();
        assertThat(door.door.stop(Duration.ofMillis(50))).isEqualTo(1);
        RawCaller.Answer answer = caller.answer();
        assertThat(answer.code()).isEqualTo(sent ? 502 : 503);
        assertThat(answer.body()).contains(sent ? "outcome unknown" : "not sent");
      }
    }
  }
}
