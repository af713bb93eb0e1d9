package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checked values of one section. */
record SectionValues(String name, Map<String, Resolved> values) implements ConfigSection {
  SectionValues {
    values = Map.copyOf(values);
  }

  @Override
  public Optional<String> text(String key) {
    return Optional.of((String) value(key, ConfigKeys.Type.TEXT)).filter(text -> !text.isEmpty());
  }

  @Override
  public long number(String key) {
    return (Long) value(key, ConfigKeys.Type.NUMBER);
  }

  @Override
  public boolean flag(String key) {
    return (Boolean) value(key, ConfigKeys.Type.FLAG);
  }

  @Override
  public Optional<Duration> duration(String key) {
    return ((Optional<?>) value(key, ConfigKeys.Type.DURATION)).map(Duration.class::cast);
  }

  @Override
  public List<String> list(String key) {
    return ((List<?>) value(key, ConfigKeys.Type.LIST)).stream().map(String.class::cast).toList();
  }

  private Object value(String key, ConfigKeys.Type type) {
    Resolved resolved = values.get(key);
    if (resolved == null) {
      throw new IllegalArgumentException(
          "key: " + key + " (expected: one declared for [" + name + "])");
    }
    ConfigKeys.Type declared = resolved.setting().key().type();
    if (declared != type) {
      throw new IllegalArgumentException(
          "type of " + key + ": " + type + " (expected: " + declared + ", as declared)");
    }
    return resolved.value();
  }
}
