package dev.spectacles.proxy.domain.entity;

import java.util.Map;

/**
 * What is kept about a guild beside its entities.
 *
 * @param state {@link GuildState#UNKNOWN} for one that nothing is kept of
 * @param buried up to which time no event brings each deleted entity back; milliseconds since 1970.
 *     By the time of events, not by a clock: events may be read an hour after they were published
 */
public record GuildRecord(GuildState state, Map<Burial, Long> buried) {
  /** Of a guild that nothing is kept of. */
  public static final GuildRecord NONE = new GuildRecord(GuildState.UNKNOWN, Map.of());

  public GuildRecord {
    buried = Map.copyOf(buried);
  }
}
