package dev.spectacles.proxy.domain.entity.answer;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.Set;

/**
 * What is kept of what the gateway tells.
 *
 * @param types that are kept at all
 * @param messages whether new messages are heard of, which change their channel's {@code
 *     last_message_id} and no other event tells
 */
public record Keeping(Set<EntityType> types, boolean messages) {
  public Keeping {
    types = Set.copyOf(types);
  }
}
