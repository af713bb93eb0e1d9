package dev.spectacles.proxy.domain.entity;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of what is kept of a guild, one JSON object each. */
public enum EntityType {
  /** The guild itself, without its arrays; its own id. */
  GUILD("guild", true),
  CHANNEL("channels", true),
  /** Active threads. */
  THREAD("threads", true),
  ROLE("roles", true),
  EMOJI("emojis", true),
  STICKER("stickers", true),
  /** Soundboard sounds. */
  SOUND("sounds", true),
  /** Guild scheduled events. */
  EVENT("events", true),
  /** Stage instances, by their channel's id. */
  STAGE("stages", true),
  /** Voice channels' status, by their channel's id, which Discord does not hold part of them. */
  CHANNEL_INFO("chaninfo", true),
  /** Voice states, by their user's id. */
  VOICE("voice", true),
  /** Members with their users, by the user's id. */
  MEMBER("members", false),
  /** Presences, by their user's id. */
  PRESENCE("presences", false),
  /** Rules of auto moderation. */
  AUTOMOD("automod", false),
  INTEGRATION("integrations", false);

  private final String key;
  private final boolean kept;

  EntityType(String key, boolean kept) {
    this.key = key;
    this.kept = kept;
  }

  /** Its name in keys, settings and paths. */
  public String key() {
    return key;
  }

  /** Whether it is kept unless something else is said. */
  public boolean isKeptByDefault() {
    return kept;
  }

  /** Whether it tells of people who are no business of the bot's, and is not kept for ever. */
  public boolean isPersonal() {
    return this == MEMBER || this == PRESENCE;
  }

  /** Type of this name. */
  public static Optional<EntityType> ofKey(String key) {
    return Arrays.stream(values()).filter(type -> type.key.equals(key)).findFirst();
  }
}
