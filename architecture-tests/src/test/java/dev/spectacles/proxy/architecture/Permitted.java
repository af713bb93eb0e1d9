package dev.spectacles.proxy.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;

/**
 * Class that a rule lets pass.
 *
 * @param type its name below the root package
 * @param reason why it may do what nobody else may
 */
record Permitted(String type, String reason) {
  /** Classes, with those nested in them, that a rule does not let pass. */
  static DescribedPredicate<JavaClass> noneOf(Codebase code, List<Permitted> permitted) {
    List<String> names = permitted.stream().map(each -> code.type(each.type)).toList();
    return DescribedPredicate.describe(
        "are not " + permitted, type -> !names.contains(outermost(type).getName()));
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(type, reason);
  }
}
