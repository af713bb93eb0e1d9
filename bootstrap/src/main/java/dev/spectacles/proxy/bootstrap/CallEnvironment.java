package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.EffectiveValue;
import dev.spectacles.proxy.bootstrap.config.Origin;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Environment variables that {@code call} needs in another terminal to find the same broker. */
final class CallEnvironment {
  private static final Set<String> OF_EVERY_BROKER =
      Set.of("broker.type", "broker.group", "broker.subgroup", "broker.event");

  /** What a shell takes as it is. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@,+-]+");

  private CallEnvironment() {}

  /** In front of a command line; passwords are masked. Empty if none is set here. */
  static String of(Config config) {
    String section = config.broker().type() + ".";
    var text = new StringBuilder();
    config.values().stream()
        .filter(value -> OF_EVERY_BROKER.contains(value.path()) || value.path().startsWith(section))
        .flatMap(CallEnvironment::assignment)
        .forEach(assignment -> text.append(assignment).append(' '));
    return text.toString();
  }

  private static Stream<String> assignment(EffectiveValue value) {
    return value.origin() instanceof Origin.Environment(String variable) && !value.shown().isEmpty()
        ? Stream.of(variable + "=" + quoted(value.shown()))
        : Stream.empty();
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
