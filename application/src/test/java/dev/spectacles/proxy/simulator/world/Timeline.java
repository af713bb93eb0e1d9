package dev.spectacles.proxy.simulator.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Gives events their time, and the disorder that the settings ask for. */
final class Timeline {
  private final WorldSettings settings;
  private final Random random;
  private final List<WorldEvent> done = new ArrayList<>();
  private long millis;

  /** Events of the current millisecond by name, each in its order. */
  private final Map<String, List<WorldEvent>> current = new LinkedHashMap<>();

  /** Name of the event that touched a subject last in the current millisecond. */
  private final Map<String, String> touched = new HashMap<>();

  Timeline(WorldSettings settings, Random random, long startMillis) {
    this.settings = settings;
    this.random = random;
    millis = startMillis;
  }

  long millis() {
    return millis;
  }

  /** Lets time pass. */
  void pass(long someMillis) {
    flush();
    millis += someMillis;
  }

  /**
   * Sends an event.
   *
   * @param subjects what it is about; two events about the same are in one millisecond only if
   *     their names tell their order
   */
  void send(String name, Map<String, Object> data, Set<String> subjects) {
    boolean crowded = random.nextDouble() < settings.crowding();
    if (!crowded || subjects.stream().anyMatch(subject -> conflicts(name, subject))) {
      pass(1 + random.nextInt(20));
    }
    var event = new WorldEvent(name, JsonText.write(data), millis);
    int times = random.nextDouble() < settings.duplicates() ? 2 + random.nextInt(2) : 1;
    var sameName = current.computeIfAbsent(name, any -> new ArrayList<>());
    sameName.addAll(Collections.nCopies(times, event));
    subjects.forEach(subject -> touched.put(subject, name));
  }

  /** Sends an event that nothing else shares its millisecond with. */
  void sendAlone(String name, Map<String, Object> data) {
    pass(1);
    send(name, data, Set.of());
    pass(1);
  }

  /** What was sent since this was asked for last, but for the current millisecond's. */
  List<WorldEvent> take() {
    if (settings.crowding() == 0) {
      flush();
    }
    var taken = List.copyOf(done);
    done.clear();
    return taken;
  }

  private boolean conflicts(String name, String subject) {
    String before = touched.get(subject);
    return before != null && !before.equals(name) && rank(before) >= rank(name);
  }

  private static int rank(String name) {
    if (name.endsWith("_CREATE") || name.endsWith("_ADD")) {
      return 0;
    }
    return name.endsWith("_DELETE") || name.endsWith("_REMOVE") ? 2 : 1;
  }

  private void flush() {
    var names = new ArrayList<String>();
    current.forEach((name, events) -> names.addAll(Collections.nCopies(events.size(), name)));
    Collections.shuffle(names, random);
    names.forEach(name -> done.add(current.get(name).removeFirst()));
    current.clear();
    touched.clear();
  }
}
