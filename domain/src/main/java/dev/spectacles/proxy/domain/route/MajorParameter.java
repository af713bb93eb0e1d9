package dev.spectacles.proxy.domain.route;

import static java.util.Objects.requireNonNull;

/**
 * Top-level resource that Discord counts a route's limit apart for: a channel, guild or webhook;
 * tokens occur in it as a hash only.
 *
 * @param value such as {@code channels/1234}; empty text for a route without one
 */
public record MajorParameter(String value) {
  /** Of a route that has no top-level resource. */
  public static final MajorParameter NONE = new MajorParameter("");

  public MajorParameter {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
