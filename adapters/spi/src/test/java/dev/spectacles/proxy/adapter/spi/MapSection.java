package dev.spectacles.proxy.adapter.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Section of the given values, in ISO 8601 for durations, over the defaults of its keys. */
public record MapSection(ConfigKeys keys, Map<String, String> values) implements ConfigSection {
  @Override
  public Optional<String> text(String key) {
    return Optional.of(value(key)).filter(text -> !text.isEmpty());
  }

  @Override
  public long number(String key) {
    return Long.parseLong(value(key));
  }

  @Override
  public boolean flag(String key) {
    return Boolean.parseBoolean(value(key));
  }

  @Override
  public Optional<Duration> duration(String key) {
    return text(key)
        .map(text -> Duration.parse(text.startsWith("P") ? text : "PT" + text.toUpperCase()));
  }

  @Override
  public List<String> list(String key) {
    return List.of(value(key).split(","));
  }

  private String value(String key) {
    String preset =
        keys.find(key).orElseThrow(() -> new IllegalArgumentException(key)).defaultValue();
    return values.getOrDefault(key, preset);
  }
}
