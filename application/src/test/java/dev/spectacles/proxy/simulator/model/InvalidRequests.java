package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Durations;
import dev.spectacles.proxy.simulator.scenario.InvalidSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Counts invalid requests by address and bans those that make too many. */
final class InvalidRequests {
  private final InvalidSpec spec;
  private final Map<String, Deque<Long>> invalid = new HashMap<>();
  private final Map<String, Long> bannedUntil = new HashMap<>();

  InvalidRequests(InvalidSpec spec) {
    this.spec = spec;
  }

  /** Time until an address is free of its ban; 0 if it has none. */
  long banned(String ip, long nowMicros) {
    return Math.max(0, bannedUntil.getOrDefault(ip, Long.MIN_VALUE / 2) - nowMicros);
  }

  /** Counts an invalid request; true if it was one too many and the ban begins. */
  boolean count(String ip, long nowMicros) {
    var times = invalid.computeIfAbsent(ip, absent -> new ArrayDeque<>());
    var oldest = nowMicros - Durations.micros(spec.window());
    while (!times.isEmpty() && times.getFirst() <= oldest) {
      times.removeFirst();
    }
    times.addLast(nowMicros);
    if (times.size() < spec.threshold()) {
      return false;
    }
    ban(ip, Durations.micros(spec.ban()), nowMicros);
    return true;
  }

  /** Begins a ban; one without length ends it. */
  void ban(String ip, long lengthMicros, long nowMicros) {
    invalid.remove(ip);
    bannedUntil.put(ip, nowMicros + lengthMicros);
  }
}
