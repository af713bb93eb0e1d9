package dev.spectacles.proxy.simulator.oracle;

import java.util.HashMap;
import java.util.Map;

/** Counts how often each nonce arrived and took effect, for as many nonces as it may hold. */
final class Nonces {
  private record Seen(int arrivals, int effects) {}

  private final int capacity;
  private final Map<String, Seen> seen = new HashMap<>();
  private long duplicates;
  private long repeated;

  Nonces(int capacity) {
    this.capacity = capacity;
  }

  void seen(String nonce, boolean tookEffect) {
    if (nonce.isEmpty() || (seen.size() >= capacity && !seen.containsKey(nonce))) {
      return;
    }
    var before = seen.getOrDefault(nonce, new Seen(0, 0));
    var after = new Seen(before.arrivals + 1, before.effects + (tookEffect ? 1 : 0));
    seen.put(nonce, after);
    repeated += after.arrivals == 2 ? 1 : 0;
    duplicates += tookEffect && after.effects == 2 ? 1 : 0;
  }

  long duplicates() {
    return duplicates;
  }

  long repeated() {
    return repeated;
  }
}
