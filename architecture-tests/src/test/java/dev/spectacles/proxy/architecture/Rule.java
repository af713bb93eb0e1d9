package dev.spectacles.proxy.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule of the house.
 *
 * @param number its row in the list of rules
 * @param name what it is about
 * @param checks what it consists of
 */
record Rule(int number, String name, List<Check> checks) {
  /** One thing that must hold. */
  interface Check {
    /** What is wrong and why, if anything is. */
    Optional<String> violation(Codebase code);

    /** Holds for classes that are shipped. */
    static Check main(Function<Codebase, ArchRule> rule) {
      return code -> violation(rule.apply(code), code, false);
    }

    /** Holds for classes of tests. */
    static Check tests(Function<Codebase, ArchRule> rule) {
      return code -> violation(rule.apply(code), code, true);
    }

    private static Optional<String> violation(ArchRule rule, Codebase code, boolean tests) {
      var result = rule.evaluate(tests ? code.tests() : code.main());
      return result.hasViolation()
          ? Optional.of(result.getFailureReport().toString())
          : Optional.empty();
    }
  }

  static Rule of(int number, String name, Check... checks) {
    return new Rule(number, name, List.of(checks));
  }

  @Override
  public String toString() {
    return "rule %d: %s".formatted(number, name);
  }
}
