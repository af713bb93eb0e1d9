package dev.spectacles.proxy.application.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the latest stretches of time, each of the same length; older ones are forgotten.
 * Thread-safe, as far as the figures are, and without locks.
 *
 * <p>Times are readings of one monotonic clock, in nanoseconds.
 */
final class Ring<T> {
  private record Slot<T>(long number, T figures) {}

  private final AtomicReferenceArray<@Nullable Slot<T>> slots;
  private final long length;
  private final Supplier<T> none;

  /**
   * Ring without any figures.
   *
   * @param stretches that are remembered, the one that is not over yet included
   * @param none figures of a stretch in which nothing happened
   */
  Ring(int stretches, Duration length, Supplier<T> none) {
    this.slots = new AtomicReferenceArray<>(stretches);
    this.length = length.toNanos();
    this.none = none;
  }

  /** Figures of the stretch that this moment belongs to, to be added to. */
  T at(long now) {
    long number = Math.floorDiv(now, length);
    int index = Math.floorMod(number, slots.length());
    while (true) {
      Slot<T> slot = slots.get(index);
      // A thread that stood still for a whole turn of the ring counts where others are by now.
      if (slot != null && slot.number() >= number) {
        return slot.figures();
      }
      var fresh = new Slot<>(number, none.get());
      if (slots.compareAndSet(index, slot, fresh)) {
        return fresh.figures();
      }
    }
  }

  /** The stretch of this moment and so many whole ones before it, in their order. */
  List<Optional<T>> upTo(long now, int before) {
    return read(Math.floorDiv(now, length), before);
  }

  /** So many whole stretches before that of this moment, in their order. */
  List<Optional<T>> before(long now, int before) {
    return read(Math.floorDiv(now, length) - 1, before - 1);
  }

  private List<Optional<T>> read(long last, int before) {
    var figures = new ArrayList<Optional<T>>(before + 1);
    for (long number = last - before; number <= last; number++) {
      Slot<T> slot = slots.get(Math.floorMod(number, slots.length()));
      figures.add(
          slot != null && slot.number() == number ? Optional.of(slot.figures()) : Optional.empty());
    }
    return figures;
  }
}
