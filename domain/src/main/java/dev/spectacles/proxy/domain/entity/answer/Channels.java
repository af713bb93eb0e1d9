package dev.spectacles.proxy.domain.entity.answer;

import dev.spectacles.proxy.domain.entity.JsonObject;

/** What channels and threads are. Source: Discord docs, Channel. */
final class Channels {
  /** Flag of a channel that the bot cannot see, whose name and overwrites are not its own. */
  private static final long OBFUSCATED = 1L << 17;

  private static final long FIRST_THREAD = 10;
  private static final long LAST_THREAD = 12;

  private Channels() {}

  static boolean isObfuscated(JsonObject channel) {
    return (channel.number("flags").orElse(0) & OBFUSCATED) != 0;
  }

  static boolean isThread(JsonObject channel) {
    long type = channel.number("type").orElse(0);
    return type >= FIRST_THREAD && type <= LAST_THREAD;
  }

  static boolean isArchived(JsonObject thread) {
    return thread.object("thread_metadata").filter(data -> data.isTrue("archived")).isPresent();
  }
}
