package dev.spectacles.proxy.domain.entity;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is kept.
 *
 * @param self the bot's user, where it is known
 */
record Kept(Set<EntityType> types, OptionalLong self) {
  Kept {
    types = Set.copyOf(types);
  }

  boolean has(EntityType type) {
    return types.contains(type);
  }

  boolean hasAny(EntityType... any) {
    return Arrays.stream(any).anyMatch(types::contains);
  }

  boolean isSelf(long user) {
    return self.isPresent() && self.getAsLong() == user;
  }
}
