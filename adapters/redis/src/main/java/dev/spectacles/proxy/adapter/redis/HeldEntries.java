package dev.spectacles.proxy.adapter.redis;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.redisson.api.stream.StreamMessageId;

/** Deliveries of this instance that are not settled yet. Thread-safe. */
final class HeldEntries {
  private final ConcurrentMap<StreamMessageId, RedisDelivery> held = new ConcurrentHashMap<>();

  /** Whether this entry is held and not known to be lost to another instance. */
  boolean holds(StreamMessageId id) {
    RedisDelivery delivery = held.get(id);
    return delivery != null && !delivery.isLost();
  }

  /** Holds it from now on; an earlier delivery of the same entry counts as lost. */
  void add(RedisDelivery delivery) {
    RedisDelivery earlier = held.put(delivery.entryId(), delivery);
    if (earlier != null) {
      earlier.lost();
    }
  }

  /** Does not hold it any more. */
  void remove(RedisDelivery delivery) {
    held.remove(delivery.entryId(), delivery);
  }

  /** The delivery of this entry, if it is held. */
  Optional<RedisDelivery> find(StreamMessageId id) {
    return Optional.ofNullable(held.get(id));
  }

  /** Those to keep fresh, as of now. */
  Collection<RedisDelivery> keepable() {
    return held.values().stream().filter(delivery -> !delivery.isLost()).toList();
  }

  /** Everything, which is then held no more. */
  List<RedisDelivery> clear() {
    var all = List.copyOf(held.values());
    held.clear();
    return all;
  }
}
