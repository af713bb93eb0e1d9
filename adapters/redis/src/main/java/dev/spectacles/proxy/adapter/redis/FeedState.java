package dev.spectacles.proxy.adapter.redis;

import static dev.spectacles.proxy.adapter.redis.FeedLane.ORDER;
import static dev.spectacles.proxy.adapter.redis.FeedLane.START;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.redisson.api.stream.StreamMessageId;

/**
 * What the server says of a feed's stream.
 *
 * @param created whether the feed's group was created to say so
 * @param delivered last entry that the group got, {@link FeedLane#START} if it got none
 * @param first oldest entry that is left
 * @param last newest entry there ever was
 * @param removed number of entries that are not left; not told before Redis 7
 * @param read number of entries, with those before its time, that the group is past; not always
 *     told
 */
record FeedState(
    boolean created,
    StreamMessageId delivered,
    Optional<StreamMessageId> first,
    StreamMessageId last,
    OptionalLong removed,
    OptionalLong read) {

  /** Answer of {@link Script#FEED_STATE}. */
  static FeedState of(List<String> answer) {
    long length = Long.parseLong(answer.get(4));
    OptionalLong added = number(answer.get(5));
    return new FeedState(
        answer.get(0).equals("1"),
        StreamCommands.parse(answer.get(1)),
        Optional.of(answer.get(2)).filter(id -> !id.isEmpty()).map(StreamCommands::parse),
        StreamCommands.parse(answer.get(3)),
        added.isPresent() ? OptionalLong.of(added.getAsLong() - length) : OptionalLong.empty(),
        number(answer.get(6)));
  }

  /** Whether the stream is not the one that had this entry, or has lost what it had then. */
  boolean isBehind(StreamMessageId seen) {
    return ORDER.compare(last, seen) < 0;
  }

  /**
   * Whether entries after this one may have been removed before they were read. Where the server
   * does not count, it may also be that there were none.
   */
  boolean mayLackAfter(StreamMessageId position) {
    if (position.equals(START) || (removed.isPresent() && removed.getAsLong() <= 0)) {
      return false;
    }
    if (removed.isPresent() && read.isPresent()) {
      return removed.getAsLong() > read.getAsLong();
    }
    return ORDER.compare(first.orElse(last), position) > 0;
  }

  /**
   * Number of entries that the group is past, as soon as what it missed is no gap any more; nothing
   * where that cannot be told, as the group has read on, or the server does not count.
   */
  OptionalLong readPastGap() {
    boolean allRemoved = ORDER.compare(first.orElse(last), delivered) > 0;
    return allRemoved ? removed : OptionalLong.empty();
  }

  private static OptionalLong number(String text) {
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }
}
