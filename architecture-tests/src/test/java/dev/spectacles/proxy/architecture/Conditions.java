package dev.spectacles.proxy.architecture;

import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Function;
import java.util.stream.Stream;

/** Shorthand for conditions that say themselves what is wrong. */
final class Conditions {
  private Conditions() {}

  /** Holds for an item of which the function finds nothing wrong. */
  static <T> ArchCondition<T> condition(String description, Function<T, Stream<String>> wrong) {
    return new ArchCondition<>(description) {
      @Override
      public void check(T item, ConditionEvents events) {
        wrong.apply(item).forEach(what -> events.add(SimpleConditionEvent.violated(item, what)));
      }
    };
  }
}
