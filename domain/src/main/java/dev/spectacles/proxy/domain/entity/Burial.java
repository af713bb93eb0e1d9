package dev.spectacles.proxy.domain.entity;

import static java.util.Objects.requireNonNull;

/** Entity that was deleted, so that a late event does not bring it back. Ids are never reused. */
public record Burial(EntityType type, long id) {
  public Burial {
    requireNonNull(type, "type");
  }
}
