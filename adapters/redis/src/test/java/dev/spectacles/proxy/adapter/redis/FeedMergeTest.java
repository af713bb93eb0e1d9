package dev.spectacles.proxy.adapter.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisson.api.stream.StreamMessageId;

final class FeedMergeTest {
  private static final long NOW = 1_000_000;
  private static final byte[] DATA = {1};

  private final FeedLane a = new FeedLane("a", 0, Share.EVERY_INSTANCE);
  private final FeedLane b = new FeedLane("b", 1, Share.EVERY_INSTANCE);
  private final FeedMerge merge = new FeedMerge(List.of(a, b), 1_000);

  @Test
  void backlog_bothRead_isGivenOutInOrder() {
    read(List.of(a, b), 10, at(0), Map.of("a", ids("1-0", "3-0"), "b", ids("2-0", "3-0")));

    assertThat(taken()).containsExactly("a1-0", "b2-0", "a3-0", "b3-0");
  }

  @Test
  void streamReadInPart_holdsUpTheOthers() {
    read(List.of(a, b), 2, at(0), Map.of("a", ids("1-0", "2-0"), "b", ids("5-0")));

    assertThat(taken()).containsExactly("a1-0", "a2-0");
    assertThat(merge.readAt(at(0))).hasValue(at(0));
    assertThat(merge.toRead()).contains(a);
    read(List.of(a), 2, at(1), Map.of("a", ids("3-0")));
    assertThat(taken()).containsExactly("a3-0", "b5-0");
  }

  @Test
  void emptyStream_readBeforeTheEntryCame_isReadAgainFirst() {
    read(List.of(a, b), 2, at(0), Map.of("b", ids("1-0", "2-0")));
    assertThat(taken()).containsExactly("b1-0", "b2-0");
    read(List.of(b), 2, at(5), Map.of("b", ids("4-0")));

    assertThat(taken()).isEmpty();
    read(List.of(a), 2, at(6), Map.of("a", ids("3-0")));
    read(List.of(a), 2, at(7), Map.of());
    assertThat(taken()).containsExactly("a3-0", "b4-0");
  }

  @Test
  void freshEntry_isHeldBack() {
    String id = NOW + "-0";
    read(List.of(a, b), 10, at(0), Map.of("b", ids(id)));

    assertThat(taken()).isEmpty();
    assertThat(merge.readAt(at(0))).hasValue(at(FeedMerge.HOLD_BACK_MILLIS));
    read(List.of(a, b), 10, at(29), Map.of());
    assertThat(taken()).isEmpty();
    read(List.of(a, b), 10, at(30), Map.of("a", ids(id)));
    assertThat(taken()).containsExactly("a" + id, "b" + id);
  }

  @Test
  void nothingWaits_nobodyKnowsWhenToRead() {
    read(List.of(a, b), 10, at(0), Map.of());

    assertThat(merge.readAt(at(0))).isEmpty();
  }

  @Test
  void count_followsWhatEntriesHaveAndWhatWaits() {
    assertThat(merge.count(merge.toRead())).as("of unknown size").isEqualTo(16);
    var entries = new ArrayList<String>();
    for (int i = 1; i <= 100; i++) {
      entries.add(i + "-0");
    }
    read(List.of(a, b), 200, at(0), Map.of("a", ids(entries.toArray(String[]::new))));

    assertThat(merge.count(List.of(a))).as("one byte each, 100 wait").isEqualTo(500);
    assertThat(new FeedMerge(List.of(a, b), 300).count(List.of(a))).isEqualTo(200);
    assertThat(new FeedMerge(List.of(a, b), 50).count(List.of(a))).as("full").isEqualTo(1);
  }

  private void read(
      List<FeedLane> lanes, int count, long issuedAt, Map<String, List<StreamMessageId>> found) {
    var entries = new LinkedHashMap<String, Map<StreamMessageId, Map<String, byte[]>>>();
    found.forEach(
        (stream, ids) -> {
          var each = new LinkedHashMap<StreamMessageId, Map<String, byte[]>>();
          ids.forEach(id -> each.put(id, Map.of("data", DATA)));
          entries.put(stream, each);
        });
    assertThat(merge.accept(lanes, entries, count, issuedAt, NOW, issuedAt)).isEmpty();
  }

  private List<String> taken() {
    var taken = new ArrayList<String>();
    var next = merge.poll();
    while (next.isPresent()) {
      taken.add(next.get().lane().stream() + next.get().id());
      next = merge.poll();
    }
    return taken;
  }

  private static List<StreamMessageId> ids(String... ids) {
    return List.of(ids).stream().map(StreamCommands::parse).toList();
  }

  private static long at(long millis) {
    return MILLISECONDS.toNanos(millis);
  }
}
