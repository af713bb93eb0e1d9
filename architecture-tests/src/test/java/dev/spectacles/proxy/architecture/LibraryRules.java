package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static dev.spectacles.proxy.architecture.Conditions.condition;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.util.List;
import java.util.stream.Stream;

/** Which library is used where. */
final class LibraryRules {
  /**
   * A library and where it is at home.
   *
   * @param packageName its root package
   * @param homes packages below ours that may use it
   */
  record Library(String packageName, List<String> homes) {
    boolean contains(JavaClass type) {
      return isBelow(type.getPackageName(), packageName);
    }

    boolean isHome(JavaClass type, Codebase code) {
      return homes.stream().anyMatch(home -> isBelow(type.getPackageName(), code.type(home)));
    }
  }

  /** More than one home only where the libraries are the user's choice for both. */
  static final List<Library> LIBRARIES =
      List.of(
          library("org.slf4j", "application", "adapter", "bootstrap"),
          library("com.github.benmanes.caffeine", "adapter.caffeine"),
          library("org.redisson", "adapter.redis"),
          library("redis.embedded", "adapter.redis"),
          library("com.rabbitmq", "adapter.amqp"),
          library("org.msgpack", "adapter.wire"),
          library("com.fasterxml.jackson.core", "adapter.wire", "bootstrap"),
          library("com.fasterxml.jackson.databind", "bootstrap"),
          library("com.fasterxml.jackson.dataformat", "bootstrap"),
          library("io.micrometer", "adapter.metrics"),
          library("io.netty", "adapter.http"),
          library("io.github.resilience4j", "adapter.discord"),
          library("java.net.http", "adapter.discord"),
          library("com.sun.net.httpserver", "adapter.metrics"),
          library("picocli", "bootstrap"),
          library("ch.qos.logback", "bootstrap"));

  private LibraryRules() {}

  static List<Rule> all() {
    return List.of(Rule.of(6, "libraries at home", Check.main(LibraryRules::librariesAtHome)));
  }

  private static ArchRule librariesAtHome(Codebase code) {
    return classes()
        .should(
            condition(
                "use a library only in its home",
                type ->
                    type.getDirectDependenciesFromSelf().stream()
                        .flatMap(dependency -> outOfHome(dependency, code))))
        .because("the module that uses a library can be replaced together with it");
  }

  private static Stream<String> outOfHome(Dependency dependency, Codebase code) {
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    var library = LIBRARIES.stream().filter(known -> known.contains(target)).findFirst();
    if (library.isPresent()) {
      return library.get().isHome(dependency.getOriginClass(), code)
          ? Stream.empty()
          : Stream.of(
              "%s (expected: used in %s only)"
                  .formatted(dependency.getDescription(), library.get().homes()));
    }
    String packageName = target.getPackageName();
    boolean known =
        target.isPrimitive()
            || Stream.of("java", "javax", "org.jspecify", code.root())
                .anyMatch(root -> isBelow(packageName, root));
    return known
        ? Stream.empty()
        : Stream.of(
            "%s (expected: a library listed in LibraryRules)"
                .formatted(dependency.getDescription()));
  }

  private static boolean isBelow(String packageName, String root) {
    return packageName.equals(root) || packageName.startsWith(root + ".");
  }

  private static Library library(String packageName, String... homes) {
    return new Library(packageName, List.of(homes));
  }
}
