package dev.spectacles.proxy.adapter.amqp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requests answered lately, as an ack is confirmed by nobody: whether the broker read it is not
 * known until the channel has lived on for a while. Not thread-safe; bounded in number and time.
 */
final class AnsweredRequests {
  /** A connection that is still alive so long after an ack has carried it to the broker. */
  static final Duration CERTAIN = Duration.ofSeconds(30);

  /** How long after the connection was restored a request can still come back. */
  static final Duration KEPT = Duration.ofMinutes(10);

  static final int MOST = 50_000;

  /**
   * One of them.
   *
   * @param channel where the ack was sent, if it could be
   */
  private record Entry(Optional<Receipts> channel, boolean noted, long at) {}

  // Both in the order of their times.
  private final Map<Identity, Entry> acked = new LinkedHashMap<>();
  private final Map<Identity, Entry> uncertain = new LinkedHashMap<>();

  void add(Identity identity, Holding holding, long now) {
    add(identity, new Entry(holding.receipt().map(Receipt::channel), holding.isNoted(), now));
  }

  /** Whether a delivery is of such a request; it counts as acked with this receipt then. */
  boolean cameAgain(Identity identity, Receipt receipt, long now) {
    Entry known = uncertain.remove(identity);
    if (known == null) {
      return false;
    }
    add(identity, new Entry(Optional.of(receipt.channel()), known.noted(), now));
    return true;
  }

  void lost(Receipts channel, long now) {
    for (Iterator<Map.Entry<Identity, Entry>> each = acked.entrySet().iterator();
        each.hasNext(); ) {
      var entry = each.next();
      if (entry.getValue().channel().filter(channel::equals).isPresent()) {
        each.remove();
        if (now - entry.getValue().at() < CERTAIN.toNanos()) {
          uncertain.put(entry.getKey(), entry.getValue());
        }
      }
    }
  }

  /** Their time begins now: while the broker was away, none could come back. */
  void restored(long now) {
    uncertain.replaceAll((identity, entry) -> new Entry(entry.channel(), entry.noted(), now));
  }

  /** Takes out what is certain, and says of which of that there is a note. */
  List<Identity> through(long now) {
    uncertain.values().removeIf(entry -> now - entry.at() >= KEPT.toNanos());
    var noted = new ArrayList<Identity>();
    for (Iterator<Map.Entry<Identity, Entry>> each = acked.entrySet().iterator();
        each.hasNext(); ) {
      var entry = each.next();
      if (now - entry.getValue().at() < CERTAIN.toNanos()) {
        break;
      }
      each.remove();
      if (entry.getValue().noted()) {
        noted.add(entry.getKey());
      }
    }
    return noted;
  }

  /** Takes out all that were acked: the broker has read everything. */
  List<Identity> closed() {
    List<Identity> noted =
        acked.entrySet().stream()
            .filter(entry -> entry.getValue().noted())
            .map(Map.Entry::getKey)
            .toList();
    acked.clear();
    return noted;
  }

  private void add(Identity identity, Entry entry) {
    Map<Identity, Entry> group = entry.channel().isPresent() ? acked : uncertain;
    group.remove(identity);
    group.put(identity, entry);
    if (group.size() > MOST) {
      Iterator<Identity> eldest = group.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
