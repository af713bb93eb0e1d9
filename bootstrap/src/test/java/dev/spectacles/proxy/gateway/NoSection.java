package dev.spectacles.proxy.gateway;

import dev.spectacles.proxy.adapter.spi.ConfigSection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Section of those that have no settings of their own. */
final class NoSection implements ConfigSection {
  @Override
  public Optional<String> text(String key) {
    throw undeclared(key);
  }

  @Override
  public long number(String key) {
    throw undeclared(key);
  }

  @Override
  public boolean flag(String key) {
    throw undeclared(key);
  }

  @Override
  public Optional<Duration> duration(String key) {
    throw undeclared(key);
  }

  @Override
  public List<String> list(String key) {
    throw undeclared(key);
  }

  private static IllegalArgumentException undeclared(String key) {
    return new IllegalArgumentException(key + ": not declared (expected: no key at all)");
  }
}
