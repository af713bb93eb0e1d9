package dev.spectacles.proxy.domain.gateway;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Body;

/**
 * Packet for whichever shard a guild is on.
 *
 * @param guildId 64 bits without a sign
 * @param packet as it was published, in the encoding it came in
 */
public record GatewaySend(long guildId, Body packet) {
  /** Bits of an id below its timestamp. Source: Discord docs, Gateway, "Sharding". */
  private static final int TIMESTAMP = 22;

  public GatewaySend {
    requireNonNull(packet, "packet");
  }

  /**
   * Number of the shard, of so many.
   *
   * @param shards at least 1
   */
  public int shard(int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException("shards: " + shards + " (expected: >= 1)");
    }
    return (int) ((guildId >>> TIMESTAMP) % shards);
  }
}
