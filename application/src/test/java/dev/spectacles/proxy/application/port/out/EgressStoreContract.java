package dev.spectacles.proxy.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.Banned;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.Invalid;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.ProbeLost;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.ProbePassed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EgressStore} promises. A subject knows nothing of an earlier test's address;
 * its time may be real.
 */
public interface EgressStoreContract {
  /** Precision of times. */
  Duration SLACK = Duration.ofMillis(80);

  /** Within which one instance knows what another learnt. */
  Duration SOON = Duration.ofSeconds(2);

  /** One instance of the address, the same during one test. */
  EgressStore store();

  /**
   * Another instance behind the same address, the same during one test; {@link #store} itself where
   * there cannot be another.
   */
  EgressStore other();

  /** Lets this much of the stores' time pass. */
  void pass(Duration duration) throws InterruptedException;

  /** Reading of the stores' clock in microseconds. */
  long micros();

  @Test
  default void newAddress_isCalm() throws InterruptedException {
    assertThat(store().egress().ban()).isEqualTo(EgressBan.NONE);
    assertThat(store().egress().invalid().total(micros())).isZero();
    assertThat(store().probe()).as("nothing to probe").isEmpty();
  }

  @Test
  default void ban_isKnownAtOnceHere_andSoonToOthers() throws InterruptedException {
    store().report(banned(60));
    assertThat(closedFor(store())).isCloseTo(Duration.ofSeconds(60), SLACK);
    await(() -> other().egress().ban().on());
    assertThat(closedFor(other())).isCloseTo(Duration.ofSeconds(60), SLACK);
    assertThat(store().probe()).as("too early").isEmpty();
    assertThat(other().probe()).as("too early").isEmpty();
  }

  @Test
  default void ban_isToldToTheListener() throws InterruptedException {
    var changes = new AtomicInteger();
    other().listen(changes::incrementAndGet);
    store().report(banned(60));
    await(() -> changes.get() > 0);
  }

  @Test
  default void refusalsOfRequestsThatWereUnderWay_doNotLengthenTheBan()
      throws InterruptedException {
    store().report(banned(1));
    await(() -> other().egress().ban().on());
    for (int i = 0; i < 40; i++) {
      store().report(banned(60));
      other().report(banned(60));
    }
    pass(Duration.ofMillis(1_100));
    assertThat(store().probe()).isPresent();
  }

  @Test
  default void endOfABan_letsOneProbeThrough_ofAllInstances() throws Exception {
    ban(Duration.ofSeconds(1));
    var tries = new ArrayList<Future<Optional<Long>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        EgressStore one = i % 2 == 0 ? store() : other();
        Callable<Optional<Long>> probing = one::probe;
        tries.add(threads.submit(probing));
      }
    }
    var probes = new ArrayList<Long>();
    for (Future<Optional<Long>> one : tries) {
      one.get().ifPresent(probes::add);
    }
    assertThat(probes).hasSize(1);
    await(() -> store().egress().ban().isProbed(micros()));
    await(() -> other().egress().ban().isProbed(micros()));
    assertThat(store().egress().ban().on()).isTrue();
  }

  @Test
  default void probeThatPasses_endsTheBanEverywhere() throws InterruptedException {
    ban(Duration.ofSeconds(1));
    store().report(new ProbePassed(store().probe().orElseThrow()));
    assertThat(store().egress().ban()).isEqualTo(EgressBan.NONE);
    await(() -> !other().egress().ban().on());
  }

  @Test
  default void probeThatMeetsTheBanAgain_doublesIt() throws InterruptedException {
    ban(Duration.ofSeconds(1));
    long probe = store().probe().orElseThrow();
    store().report(new Banned(Duration.ofSeconds(1), Optional.of(probe)));
    assertThat(closedFor(store())).isCloseTo(Duration.ofSeconds(2), SLACK);
    await(() -> closedFor(other()).isPositive());
    assertThat(closedFor(other())).isBetween(Duration.ofMillis(500), Duration.ofMillis(2_080));
    pass(Duration.ofMillis(2_100));
    assertThat(other().probe()).isPresent();
  }

  @Test
  default void probeThatIsLost_isFollowedByAnotherAtOnce() throws InterruptedException {
    ban(Duration.ofSeconds(1));
    long lost = store().probe().orElseThrow();
    await(() -> other().egress().ban().isProbed(micros()));
    store().report(new ProbeLost(lost));
    await(() -> !other().egress().ban().isProbed(micros()));
    assertThat(other().probe()).isPresent();
    assertThat(store().egress().ban().on()).isTrue();
  }

  @Test
  default void probeOfNobody_changesNothing() throws InterruptedException {
    ban(Duration.ofSeconds(1));
    long probe = store().probe().orElseThrow();
    store().report(new ProbePassed(probe + 1));
    store().report(new ProbeLost(probe + 1));
    assertThat(store().egress().ban().isProbed(micros())).isTrue();
  }

  @Test
  default void invalidRequests_areAddedUp() throws InterruptedException {
    for (int i = 0; i < 300; i++) {
      store().report(new Invalid());
      other().report(new Invalid());
    }
    assertThat(store().egress().invalid().total(micros())).isGreaterThanOrEqualTo(300);
    await(() -> store().egress().invalid().total(micros()) == 600);
    await(() -> other().egress().invalid().total(micros()) == 600);
    await(() -> store().egress().unreported() == 0 && other().egress().unreported() == 0);
    assertThat(List.of(store(), other()))
        .allMatch(one -> one.egress().invalid().total(micros()) == 600);
  }

  private void ban(Duration time) throws InterruptedException {
    store().report(new Banned(time, Optional.empty()));
    await(() -> other().egress().ban().on());
    pass(time.plus(Duration.ofMillis(100)));
  }

  private static EgressReport banned(long seconds) {
    return new Banned(Duration.ofSeconds(seconds), Optional.empty());
  }

  private Duration closedFor(EgressStore one) {
    return one.egress().ban().closedFor(micros());
  }

  /** Lets other threads go on until this holds. */
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it does not come about").isLessThan(end);
      Thread.yield();
    }
  }
}
