package dev.spectacles.proxy.bootstrap.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One mistake in the configuration.
 *
 * @param origin where it stands; empty if that cannot be said
 * @param text key, value and expectation
 */
public record Problem(Optional<Origin> origin, String text) {
  static Problem at(Origin origin, String text) {
    return new Problem(Optional.of(origin), text);
  }

  static Problem general(String text) {
    return new Problem(Optional.empty(), text);
  }

  /** Those of the file first, from its top to its bottom; the others as they are. */
  static List<Problem> sorted(List<Problem> problems) {
    return problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
  }

  private int line() {
    return origin.orElse(null) instanceof Origin.File file
        ? file.line().orElse(0)
        : Integer.MAX_VALUE;
  }

  @Override
  public String toString() {
    return origin.map(where -> where + ": " + text).orElse(text);
  }
}
