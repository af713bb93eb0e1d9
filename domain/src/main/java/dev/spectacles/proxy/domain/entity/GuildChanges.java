package dev.spectacles.proxy.domain.entity;

import java.util.List;

/**
 * What becomes of one guild, in this order; all of it or nothing.
 *
 * @param guild snowflake
 */
public record GuildChanges(long guild, List<Change> changes) {
  public GuildChanges {
    changes = List.copyOf(changes);
  }
}
