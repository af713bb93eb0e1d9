package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One key of the configuration with all that may be written for it.
 *
 * @param section name of its section, with a dot for one within another; empty for the top level
 * @param aliases older names of its environment variable
 * @param rule what the key's type alone does not say
 * @param ofTheFileOnly whether no variable sets it, as it is an entry of a table
 */
record Setting(
    String section, ConfigKeys.Key key, List<String> aliases, Rule rule, boolean ofTheFileOnly) {
  private static final Pattern SECTIONS = Pattern.compile("[.]");

  Setting {
    aliases = List.copyOf(aliases);
  }

  /** Check of a value that already is of its key's type. */
  @FunctionalInterface
  interface Rule {
    Rule NONE = value -> {};

    /** Passes, or throws with the expectation. */
    void check(Object value) throws BadValueException;
  }

  String path() {
    return String.join(".", names());
  }

  List<String> names() {
    return section.isEmpty()
        ? List.of(key.name())
        : Stream.concat(SECTIONS.splitAsStream(section), Stream.of(key.name())).toList();
  }

  String environmentName() {
    return path().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
