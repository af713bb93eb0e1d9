package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static dev.spectacles.proxy.architecture.Conditions.condition;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.util.List;
import java.util.stream.Stream;

/** Values stay what they are. */
final class ModelRules {
  private ModelRules() {}

  static List<Rule> all() {
    return List.of(Rule.of(8, "domain types are values", Check.main(ModelRules::values)));
  }

  private static ArchRule values(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all("domain"))
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should(
            condition(
                "be records, enums, interfaces or final with final fields", ModelRules::mutable))
        .because("what cannot change can be shared between threads and reasoned about");
  }

  private static Stream<String> mutable(JavaClass type) {
    if (type.isRecord() || type.isEnum() || type.isInterface()) {
      return Stream.empty();
    }
    Stream<String> open =
        type.getModifiers().contains(JavaModifier.FINAL)
            ? Stream.empty()
            : Stream.of(type.getName() + " is not final");
    Stream<String> changing =
        type.getFields().stream()
            .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
            .map(field -> field.getFullName() + " is not final");
    return Stream.concat(open, changing);
  }
}
