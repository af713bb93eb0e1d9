package dev.spectacles.proxy.application.service;

/**
 * Whoever removes what is kept, which is for the instance that writes. Thread-safe; answers within
 * a bounded time.
 */
@FunctionalInterface
public interface Purges {
  /** What is to be removed. */
  sealed interface Purge {
    /** All of a guild, until Discord tells it again. */
    record OfGuild(long guild) implements Purge {}

    /**
     * A user's member, presence and voice state in every guild, and the user as the one who made an
     * emoji, a sticker, a sound, a scheduled event or an integration.
     */
    record OfUser(long user) implements Purge {}
  }

  /** Removes it; false if that could not be done, and may be tried again. */
  boolean purge(Purge what) throws InterruptedException;
}
