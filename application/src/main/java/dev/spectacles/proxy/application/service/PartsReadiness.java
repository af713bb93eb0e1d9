package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.CheckReadiness;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Ready once everything was started, as long as no part it needs is away, and until it stops.
 * Thread-safe.
 */
public final class PartsReadiness implements CheckReadiness {
  /** How far the service is. */
  private enum Phase {
    STARTING,
    SERVING,
    STOPPING
  }

  private final List<Supplier<Optional<String>>> needed = new CopyOnWriteArrayList<>();
  private final List<Supplier<Optional<String>>> noted = new CopyOnWriteArrayList<>();
  private volatile Phase phase = Phase.STARTING;

  /**
   * Not ready while this says why.
   *
   * @param away must be fast and thread-safe, and must not throw
   */
  public void needs(Supplier<Optional<String>> away) {
    needed.add(away);
  }

  /**
   * Told beside whether it is ready.
   *
   * @param flaw as in {@link #needs}
   */
  public void notes(Supplier<Optional<String>> flaw) {
    noted.add(flaw);
  }

  /** Everything was started; that it stops already is not forgotten. */
  public void started() {
    phase = phase == Phase.STARTING ? Phase.SERVING : phase;
  }

  /** It takes nothing new any more. */
  public void stopping() {
    phase = Phase.STOPPING;
  }

  @Override
  public Readiness check() {
    List<String> notes = noted.stream().map(Supplier::get).flatMap(Optional::stream).toList();
    return switch (phase) {
      case STARTING -> new Readiness(List.of("starting"), notes);
      case SERVING ->
          new Readiness(
              needed.stream().map(Supplier::get).flatMap(Optional::stream).toList(), notes);
      case STOPPING ->
          new Readiness(List.of("stopping: what is held is finished, nothing new is taken"), notes);
    };
  }
}
