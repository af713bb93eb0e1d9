package dev.spectacles.proxy.adapter.spi;

import java.util.List;
import java.util.Optional;

/** The keys of a configuration section, each with its type, default and meaning. */
public record ConfigKeys(List<Key> keys) {
  public ConfigKeys {
    keys = List.copyOf(keys);
  }

  /** Type of a value. */
  public enum Type {
    /** Any text. */
    TEXT,
    /** Whole number within the key's bounds. */
    NUMBER,
    /** {@code true} or {@code false}. */
    FLAG,
    /** Humantime duration such as {@code 2min}; empty for none. */
    DURATION,
    /** List of texts; in the environment separated by commas. */
    LIST
  }

  /**
   * One key.
   *
   * @param name within the section, in snake case
   * @param defaultValue as it would be written in the environment; empty for none
   * @param minimum smallest number permitted, for {@link Type#NUMBER}
   * @param maximum largest number permitted, for {@link Type#NUMBER}
   * @param choices the texts permitted; none means any
   * @param secret whether the value is masked wherever it is shown
   * @param meaning one sentence for the reference
   */
  public record Key(
      String name,
      Type type,
      String defaultValue,
      long minimum,
      long maximum,
      List<String> choices,
      boolean secret,
      String meaning) {
    public Key {
      choices = List.copyOf(choices);
    }
  }

  /** Text with a default. */
  public static Key text(String name, String defaultValue, String meaning) {
    return new Key(name, Type.TEXT, defaultValue, 0, 0, List.of(), false, meaning);
  }

  /** Text that is masked wherever it is shown. */
  public static Key secret(String name, String defaultValue, String meaning) {
    return new Key(name, Type.TEXT, defaultValue, 0, 0, List.of(), true, meaning);
  }

  /** One of several texts. */
  public static Key choice(String name, String defaultValue, List<String> choices, String meaning) {
    return new Key(name, Type.TEXT, defaultValue, 0, 0, choices, false, meaning);
  }

  /** Whole number within bounds. */
  public static Key number(
      String name, long defaultValue, long minimum, long maximum, String meaning) {
    return new Key(
        name,
        Type.NUMBER,
        Long.toString(defaultValue),
        minimum,
        maximum,
        List.of(),
        false,
        meaning);
  }

  /** Yes or no. */
  public static Key flag(String name, boolean defaultValue, String meaning) {
    return new Key(
        name, Type.FLAG, Boolean.toString(defaultValue), 0, 0, List.of(), false, meaning);
  }

  /** Humantime duration. */
  public static Key duration(String name, String defaultValue, String meaning) {
    return new Key(name, Type.DURATION, defaultValue, 0, 0, List.of(), false, meaning);
  }

  /** List of texts. */
  public static Key list(String name, String defaultValue, String meaning) {
    return new Key(name, Type.LIST, defaultValue, 0, 0, List.of(), false, meaning);
  }

  /** The key of that name, if declared. */
  public Optional<Key> find(String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }
}
