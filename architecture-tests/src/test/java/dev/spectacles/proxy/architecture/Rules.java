package dev.spectacles.proxy.architecture;

import java.util.List;
import java.util.stream.Stream;

/** All rules, in the order of their numbers. */
final class Rules {
  private Rules() {}

  static List<Rule> all() {
    return Stream.of(
            LayerRules.all(),
            LibraryRules.all(),
            ModelRules.all(),
            PortRules.all(),
            ConcurrencyRules.all(),
            CodingRules.all(),
            AdapterRules.all(),
            TestRules.all())
        .flatMap(List::stream)
        .sorted((a, b) -> Integer.compare(a.number(), b.number()))
        .toList();
  }

  /** Every class that some rule lets pass. */
  static List<Permitted> permitted() {
    return Stream.of(ConcurrencyRules.PERMITTED, CodingRules.PERMITTED)
        .flatMap(List::stream)
        .toList();
  }
}
