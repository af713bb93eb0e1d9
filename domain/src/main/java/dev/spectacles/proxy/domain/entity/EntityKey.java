package dev.spectacles.proxy.domain.entity;

import static java.util.Objects.requireNonNull;

/**
 * Names one entity of a guild.
 *
 * @param guild snowflake
 * @param id snowflake; of a {@link EntityType#GUILD} that of the guild
 */
public record EntityKey(long guild, EntityType type, long id) {
  public EntityKey {
    requireNonNull(type, "type");
  }
}
