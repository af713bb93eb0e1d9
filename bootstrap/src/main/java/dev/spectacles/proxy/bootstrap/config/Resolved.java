package dev.spectacles.proxy.bootstrap.config;

/**
 * Value that won over the other sources of its key.
 *
 * @param value as {@link Values} reads it
 * @param text as it was written
 */
record Resolved(Setting setting, Object value, String text, Origin origin) {
  boolean isDefault() {
    return origin instanceof Origin.Default;
  }

  EffectiveValue effective() {
    return new EffectiveValue(setting.path(), Masking.show(setting.key(), text), origin);
  }
}
