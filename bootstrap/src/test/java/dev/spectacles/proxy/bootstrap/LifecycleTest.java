package dev.spectacles.proxy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.out.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ManualClock clock = new ManualClock();
  private final Lifecycle lifecycle = new Lifecycle(clock);
  private final List<String> log = new CopyOnWriteArrayList<>();

  @AfterEach
  void clearInterrupt() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void stop_startedParts_inReverseOrder() throws LifecycleException {
    start("a");
    start("b");
    start("c");

    assertThat(lifecycle.stop(LONG)).isEmpty();

    assertThat(log).containsExactly("+a", "+b", "+c", "-c", "-b", "-a");
  }

  @Test
  void stop_twice_stopsOnce() throws LifecycleException {
    start("a");

    lifecycle.stop(LONG);
    lifecycle.stop(LONG);

    assertThat(log).containsExactly("+a", "-a");
  }

  @Test
  void start_failing_undoesWhatStartedAndKeepsEveryFailure() throws LifecycleException {
    start("a");
    lifecycle.start("b", () -> log.add("+b"), within -> fail("b stays"));
    start("c");

    assertThatExceptionOfType(LifecycleException.class)
        .isThrownBy(
            () -> lifecycle.start("d", () -> fail("d is broken"), within -> log.add("never")))
        .withMessage("d: not started: d is broken")
        .withCauseInstanceOf(IOException.class)
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.throwable(Throwable.class))
                    .hasMessage("b: not stopped: b stays"));
    assertThat(log).containsExactly("+a", "+b", "+c", "-c", "-a");
  }

  @Test
  void start_afterStop_isRefused() {
    lifecycle.stop(LONG);

    assertThatExceptionOfType(LifecycleException.class)
        .isThrownBy(() -> start("late"))
        .withMessage("late: not started, as the service stops");
    assertThat(log).isEmpty();
  }

  @Test
  void start_interrupted_keepsTheInterruptAndUndoes() throws LifecycleException {
    start("a");

    assertThatExceptionOfType(LifecycleException.class)
        .isThrownBy(
            () ->
                lifecycle.start(
                    "b",
                    () -> {
                      throw new InterruptedException("told to");
                    },
                    within -> log.add("never")));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(log).containsExactly("+a", "-a");
  }

  @Test
  void stop_failingParts_areAllReportedAndTheOthersStopped() throws LifecycleException {
    start("a");
    lifecycle.start("b", () -> {}, within -> fail("first"));
    start("c");
    lifecycle.start(
        "d",
        () -> {},
        within -> {
          throw new AssertionError("second");
        });

    assertThat(lifecycle.stop(LONG))
        .extracting(Throwable::getMessage)
        .containsExactly("d: not stopped: second", "b: not stopped: first");
    assertThat(log).containsExactly("+a", "+c", "-c", "-a");
  }

  @Test
  void stop_parts_shareOneDeadline() throws LifecycleException {
    var left = new CopyOnWriteArrayList<Duration>();
    lifecycle.start("a", () -> {}, left::add);
    lifecycle.start(
        "b",
        () -> {},
        within -> {
          left.add(within);
          clock.advance(Duration.ofSeconds(8));
        });
    lifecycle.start(
        "c",
        () -> {},
        within -> {
          left.add(within);
          clock.advance(Duration.ofSeconds(3));
        });

    lifecycle.stop(Duration.ofSeconds(10));

    assertThat(left).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(7), Duration.ZERO);
  }

  @Test
  void stop_partThatHangs_isInterruptedAndTheNextOnesStopped() throws Exception {
    var interrupted = new CountDownLatch(1);
    start("a");
    lifecycle.start(
        "hanging",
        () -> {},
        within -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        });

    var failures = lifecycle.stop(Duration.ofMillis(10));

    assertThat(failures)
        .extracting(Throwable::getMessage)
        .containsExactly("hanging: not stopped in time");
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(log).containsExactly("+a", "-a");
  }

  @Test
  void stop_interrupted_asksEveryPartAndKeepsTheInterrupt() throws LifecycleException {
    start("a");
    lifecycle.start("b", () -> {}, within -> new CountDownLatch(1).await());
    Thread.currentThread().interrupt();

    var failures = lifecycle.stop(LONG);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failures).extracting(Throwable::getMessage).containsExactly("b: stop interrupted");
    assertThat(log).contains("-a");
  }

  @Test
  void open_part_isGivenBackAndClosedAtItsTurn() throws LifecycleException {
    start("a");
    AutoCloseable part = () -> log.add("closed");

    assertThat(lifecycle.open("part", () -> part)).isSameAs(part);
    start("b");
    lifecycle.stop(LONG);

    assertThat(log).containsExactly("+a", "+b", "-b", "closed", "-a");
  }

  private void start(String name) throws LifecycleException {
    lifecycle.start(name, () -> log.add("+" + name), within -> log.add("-" + name));
  }

  private static void fail(String why) throws IOException {
    throw new IOException(why);
  }
}
