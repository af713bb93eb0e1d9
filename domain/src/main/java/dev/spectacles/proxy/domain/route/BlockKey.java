package dev.spectacles.proxy.domain.route;

import static java.util.Objects.requireNonNull;

/**
 * Names the routes that a hidden or shared limit holds up together, which are fewer than those of
 * the bucket (a channel's rename) or more (a guild's emojis).
 */
public record BlockKey(String value) {
  public BlockKey {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
