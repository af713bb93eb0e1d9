package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.entity.EntityType;

/**
 * Names of the keys under which entities of an application lie. Programs in any language read them:
 * whoever changes what lies where changes the prefix, too.
 */
record EntityKeys(String app) {
  /** Version of the layout, for those who read it. */
  static final String SCHEMA = "1";

  /**
   * Hashes that channels are spread over: up to some 200,000 guilds each is small enough for the
   * compact form that Redis gives small hashes, and down to some hundred its key weighs little.
   */
  static final int BUCKETS = 16_384;

  private static final String PREFIX = "sp1:";

  /** What is known of the bot as a whole. */
  String meta() {
    return PREFIX + app + ":meta";
  }

  /** The bot's own user. */
  String self() {
    return PREFIX + app + ":self";
  }

  /** Ids of all guilds, sorted. */
  String guilds() {
    return PREFIX + app + ":guilds";
  }

  /** Channel of notices about what changed. */
  String notices() {
    return PREFIX + app + ":inv";
  }

  /** What is known of a guild. All keys of a guild are on one node of a cluster. */
  String known(long guild) {
    return of(guild, "meta");
  }

  /** What was deleted in a guild a short while ago. */
  String burials(long guild) {
    return of(guild, "tomb");
  }

  /** Entities of a type in a guild, or the guild itself. */
  String of(long guild, EntityType type) {
    return of(guild, type.key());
  }

  private String of(long guild, String what) {
    return PREFIX + app + ":{" + id(guild) + "}:" + what;
  }

  /** Guilds of channels, this one's among them. */
  String bucket(long channel) {
    return buckets() + (channel >>> 22) % BUCKETS;
  }

  /** What names of these begin with. */
  String buckets() {
    return PREFIX + app + ":cidx:";
  }

  /** Id as it is written in keys and fields. */
  static String id(long id) {
    return Long.toUnsignedString(id);
  }

  /** Id of what is written so. */
  static long id(String text) {
    return Long.parseUnsignedLong(text);
  }
}
