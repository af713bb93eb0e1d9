package dev.spectacles.proxy.domain.entity;

import java.util.Map;

/**
 * What is kept about a guild beside its entities.
 *
 * @param state {@link GuildState#UNKNOWN} for one that nothing is kept of
 * @param buried until when each deleted entity must not come back; milliseconds since 1970
 */
public record GuildRecord(GuildState state, Map<Burial, Long> buried) {
  /** Of a guild that nothing is kept of. */
  public static final GuildRecord NONE = new GuildRecord(GuildState.UNKNOWN, Map.of());

  public GuildRecord {
    buried = Map.copyOf(buried);
  }
}
