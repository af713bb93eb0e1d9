package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static dev.spectacles.proxy.architecture.Conditions.condition;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a port looks like and who stands behind it. */
final class PortRules {
  private static final String OUT = "application.port.out";

  /** Ports whose implementations need no suite of their own, and why. */
  private static final SortedMap<String, String> WITHOUT_CONTRACT =
      new TreeMap<>(
          Map.of(
              "Delivery", "made by a Broker and checked by BrokerContract",
              "EventStream", "made by a Broker and checked by BrokerContract",
              "Event", "made by a Broker and checked by BrokerContract",
              "ProxyEvents", "a listener: it promises nothing, doing nothing included",
              "Clock", "three calls into the JDK",
              "DiscordApi", "one implementation, with tests of its own against real servers"));

  private PortRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            9,
            "out-ports are interfaces in our words",
            Check.main(PortRules::interfaces),
            Check.main(PortRules::ownWords)),
        Rule.of(
            10,
            "implementations of out-ports",
            Check.main(PortRules::names),
            Check.main(PortRules::contracts)));
  }

  private static ArchRule interfaces(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all(OUT))
        .and()
        .areTopLevelClasses()
        .and()
        .areNotAssignableTo(Exception.class)
        .should()
        .beInterfaces()
        .because("a port is implemented by adapters; only its exceptions are classes");
  }

  private static ArchRule ownWords(Codebase code) {
    return methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(code.all(OUT))
        .should(
            condition(
                "use only types of the domain and plain ones of the JDK",
                method -> foreign(method, code)))
        .because(
            "a port speaks of what the use case needs: no library's type, and no future or"
                + " publisher where a virtual thread can wait");
  }

  private static Stream<String> foreign(JavaMethod method, Codebase code) {
    return method.getAllInvolvedRawTypes().stream()
        .map(JavaClass::getBaseComponentType)
        .filter(type -> !isPlain(type, code))
        .map(type -> "%s uses %s".formatted(method.getFullName(), type.getName()));
  }

  private static boolean isPlain(JavaClass type, Codebase code) {
    String name = type.getPackageName();
    return type.isPrimitive()
        || name.equals(code.type(OUT))
        || name.startsWith(code.type("domain") + ".")
        || List.of("java.lang", "java.time", "java.util", "java.util.function").contains(name);
  }

  private static ArchRule names(Codebase code) {
    return classes()
        .that(describe("implement an out-port", type -> ports(type, code).findAny().isPresent()))
        .should(
            condition(
                "be named <Technology><Port>",
                type ->
                    ports(type, code)
                        .filter(port -> !isNamedAfter(type, port))
                        .map(
                            port ->
                                "%s (expected: a name that ends with %s)"
                                    .formatted(type.getName(), port.getSimpleName()))))
        .because("the name says which technology stands behind which port");
  }

  private static boolean isNamedAfter(JavaClass type, JavaClass port) {
    return type.getSimpleName().endsWith(port.getSimpleName())
        && !type.getSimpleName().equals(port.getSimpleName());
  }

  private static ArchRule contracts(Codebase code) {
    return classes()
        .that(describe("implement an out-port", type -> ports(type, code).findAny().isPresent()))
        .should(
            condition(
                "pass the contract of the port",
                type ->
                    ports(type, code)
                        .filter(port -> !WITHOUT_CONTRACT.containsKey(port.getSimpleName()))
                        .filter(port -> !isTested(type, port, code))
                        .map(
                            port ->
                                "%s (expected: a test of its package implements %sContract)"
                                    .formatted(type.getName(), port.getSimpleName()))))
        .because("every implementation keeps the same promises; excused are " + WITHOUT_CONTRACT);
  }

  private static boolean isTested(JavaClass type, JavaClass port, Codebase code) {
    String contract = port.getSimpleName() + "Contract";
    return code.tests().stream()
        .filter(test -> !test.isInterface())
        .filter(test -> test.getPackageName().equals(type.getPackageName()))
        .anyMatch(
            test ->
                test.getAllRawInterfaces().stream()
                    .anyMatch(each -> each.getSimpleName().equals(contract)));
  }

  /** Out-ports that a shipped class implements; lambdas and constants of a port do not count. */
  private static Stream<JavaClass> ports(JavaClass type, Codebase code) {
    boolean implementation =
        !type.isInterface()
            && !type.isAnonymousClass()
            && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
            && !type.getPackageName().equals(code.type(OUT));
    if (!implementation) {
      return Stream.empty();
    }
    return type.getAllRawInterfaces().stream()
        .filter(each -> each.getPackageName().equals(code.type(OUT)))
        .filter(JavaClass::isTopLevelClass);
  }
}
