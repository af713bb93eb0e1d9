package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import java.util.ArrayList;
import java.util.List;

/** Events while they are taken for a batch. Not thread-safe. */
final class FedBatch {
  /** Whoever applies a batch holds it several times over. */
  private static final long MOST_BYTES = 2L << 20;

  private final int atMost;
  private final List<Fed> events = new ArrayList<>();
  private long bytes;

  FedBatch(int atMost) {
    this.atMost = atMost;
  }

  void add(Fed event) {
    events.add(event);
    bytes += event.payload().size();
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Whether it is to be given out as it is; the last event may be larger than all that may be. */
  boolean isFull() {
    return events.size() >= atMost || bytes >= MOST_BYTES;
  }

  List<Fed> events() {
    return events;
  }
}
