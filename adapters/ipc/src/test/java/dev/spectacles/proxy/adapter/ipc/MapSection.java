package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.spi.ConfigSection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Section of the given values over the defaults. */
record MapSection(Map<String, String> values) implements ConfigSection {
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
    return text(key).map(Duration::parse);
  }

  @Override
  public List<String> list(String key) {
    return List.of(value(key).split(","));
  }

  private String value(String key) {
    String preset = IpcSettings.keys().find(key).orElseThrow().defaultValue();
    return values.getOrDefault(key, preset);
  }
}
