package dev.spectacles.proxy.domain.entity;

/**
 * JSON value that keeps the bytes it was read from: unknown fields, forms of numbers and the order
 * of keys go on as they came. Immutable.
 */
public sealed interface Json permits JsonObject, JsonArray, JsonScalar {
  /** The value in UTF-8; not to be changed by anybody. */
  byte[] bytes();
}
