package dev.spectacles.proxy.adapter.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of one section, already checked against its {@link ConfigKeys}: every value is of the
 * type declared there, and absent ones have their defaults.
 *
 * <p>Asking for a key that was not declared, or as another type, is a programming error and throws
 * {@link IllegalArgumentException}.
 */
public interface ConfigSection {
  /** Text; empty text counts as absent. */
  Optional<String> text(String key);

  /** Whole number. */
  long number(String key);

  /** Yes or no. */
  boolean flag(String key);

  /** Duration; empty for none. */
  Optional<Duration> duration(String key);

  /** Texts of a list. */
  List<String> list(String key);
}
