package dev.spectacles.proxy.simulator.oracle;

import java.util.HashMap;
import java.util.Map;

/** Counts how often each nonce arrived and took effect, for as many nonces as it may hold. */
final class Nonces {
  private record Seen(int arrivals, int effects) {}

  private final int capacity;
  private final Map<String, Seen> seen = new HashMap<>();

  Nonces(int capacity) {
    this.capacity = capacity;
  }

  void seen(String nonce, boolean tookEffect) {
    if (nonce.isEmpty() || (seen.size() >= capacity && !seen.containsKey(nonce))) {
      return;
    }
    var effect = tookEffect ? 1 : 0;
    seen.merge(
        nonce,
        new Seen(1, effect),
        (before, now) -> new Seen(before.arrivals + 1, before.effects + effect));
  }

  long duplicates() {
    return seen.values().stream().filter(counts -> counts.effects > 1).count();
  }

  long repeated() {
    return seen.values().stream().filter(counts -> counts.arrivals > 1).count();
  }
}
