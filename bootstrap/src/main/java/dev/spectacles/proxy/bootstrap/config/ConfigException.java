package dev.spectacles.proxy.bootstrap.config;

import java.util.List;
import java.util.stream.Collectors;

/** Every mistake of a configuration that cannot be used. */
public final class ConfigException extends RuntimeException {
  private final List<Problem> problems;

  /** All of these mistakes. */
  public ConfigException(List<Problem> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  /** The mistakes, those of the file first and in its order. */
  public List<Problem> problems() {
    return problems;
  }

  private static String message(List<Problem> problems) {
    String count = problems.size() == 1 ? "1 mistake" : problems.size() + " mistakes";
    return problems.stream()
        .map(problem -> "  " + problem)
        .collect(
            Collectors.joining(
                System.lineSeparator(),
                "The configuration has " + count + ":" + System.lineSeparator(),
                ""));
  }
}
