package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * State of a tag: what was stored under another one is not valid any more.
 *
 * @param value differs from every earlier one of the tag
 * @param sinceBump how long ago something made the tag's answers invalid; empty if nothing did
 */
public record Generation(String value, Optional<Duration> sinceBump) {
  public Generation {
    requireNonNull(value, "value");
    requireNonNull(sinceBump, "sinceBump");
  }
}
