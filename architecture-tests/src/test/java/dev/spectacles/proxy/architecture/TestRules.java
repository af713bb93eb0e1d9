package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.TestTemplate;
import org.junit.platform.commons.annotation.Testable;

/** How tests are written. */
final class TestRules {
  /** Suites are interfaces, whose methods are public by nature. */
  private static final DescribedPredicate<JavaMethod> TEST_METHOD =
      describe(
          "are tests of classes", method -> isTest(method) && !method.getOwner().isInterface());

  private static final DescribedPredicate<JavaClass> TEST_CLASS =
      describe(
          "have tests",
          type -> !type.isInterface() && type.getMethods().stream().anyMatch(TestRules::isTest));

  private TestRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            19,
            "tests",
            Check.tests(TestRules::packagePrivateClasses),
            Check.tests(TestRules::packagePrivateMethods),
            Check.tests(TestRules::noDisabledMethods),
            Check.tests(TestRules::noDisabledClasses)));
  }

  private static boolean isTest(JavaMethod method) {
    return method.isMetaAnnotatedWith(Testable.class)
        || method.isMetaAnnotatedWith(TestTemplate.class);
  }

  private static ArchRule packagePrivateClasses(Codebase code) {
    return classes()
        .that(TEST_CLASS)
        .should()
        .bePackagePrivate()
        .because("nobody calls a test; what is shared between modules is a fixture or a contract");
  }

  private static ArchRule packagePrivateMethods(Codebase code) {
    return methods()
        .that(TEST_METHOD)
        .should()
        .bePackagePrivate()
        .because("nobody calls a test; what is shared between modules is a fixture or a contract");
  }

  private static ArchRule noDisabledMethods(Codebase code) {
    return noMethods()
        .should()
        .beAnnotatedWith(Disabled.class)
        .because("a test that does not run promises what nobody checks");
  }

  private static ArchRule noDisabledClasses(Codebase code) {
    return noClasses()
        .should()
        .beAnnotatedWith(Disabled.class)
        .because("a test that does not run promises what nobody checks");
  }
}
