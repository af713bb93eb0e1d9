package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PartsReadinessTest {
  private final PartsReadiness readiness = new PartsReadiness();
  private final AtomicReference<Optional<String>> away = new AtomicReference<>(Optional.empty());

  @Test
  void start_underWay_isNotReady() {
    readiness.needs(away::get);

    assertThat(readiness.check().isReady()).isFalse();
    assertThat(readiness.check().reasons()).containsExactly("starting");
  }

  @Test
  void part_away_isTheReasonUntilItIsBack() {
    readiness.needs(away::get);
    readiness.started();
    assertThat(readiness.check().isReady()).isTrue();

    away.set(Optional.of("broker away"));
    assertThat(readiness.check().reasons()).containsExactly("broker away");

    away.set(Optional.empty());
    assertThat(readiness.check().isReady()).isTrue();
  }

  @Test
  void flaw_isNotedAndNoReason() {
    readiness.notes(() -> Optional.of("limits not shared"));
    readiness.started();

    assertThat(readiness.check().isReady()).isTrue();
    assertThat(readiness.check().notes()).containsExactly("limits not shared");
  }

  @Test
  void stop_duringTheStart_staysAStop() {
    readiness.stopping();
    readiness.started();

    assertThat(readiness.check().isReady()).isFalse();
    assertThat(readiness.check().reasons()).singleElement().asString().startsWith("stopping");
  }
}
