package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static dev.spectacles.proxy.architecture.Conditions.condition;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What an adapter module shows and how it is found. */
final class AdapterRules {
  private AdapterRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(16, "adapters show their door only", Check.main(AdapterRules::publicTypes)),
        Rule.of(
            18, "adapters are found", Check.main(AdapterRules::services), AdapterRules::modules));
  }

  private static ArchRule publicTypes(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all("adapter"))
        .and()
        .resideOutsideOfPackages(code.all("adapter.wire"), code.all("adapter.spi"))
        .and()
        .areTopLevelClasses()
        .and()
        .arePublic()
        .should(
            condition(
                "be a *Provider, *Settings or constructed by bootstrap",
                type -> needlesslyPublic(type, code)))
        .because(
            "what nobody else can see can be changed freely; wire and spi are there for others");
  }

  private static Stream<String> needlesslyPublic(JavaClass type, Codebase code) {
    boolean door =
        type.getSimpleName().endsWith("Provider") || type.getSimpleName().endsWith("Settings");
    boolean constructed =
        type.getCodeUnits().stream()
            .filter(
                unit -> unit.isConstructor() || unit.getModifiers().contains(JavaModifier.STATIC))
            .flatMap(unit -> unit.getAccessesToSelf().stream())
            .anyMatch(
                access ->
                    (access.getOriginOwner().getPackageName() + ".")
                        .startsWith(code.type("bootstrap") + "."));
    return door || constructed
        ? Stream.empty()
        : Stream.of(type.getName() + " is public without need");
  }

  private static ArchRule services(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all("adapter"))
        .and()
        .areNotInterfaces()
        .and()
        .haveSimpleNameEndingWith("Provider")
        .should(
            condition(
                "be named in META-INF/services of their module", type -> unlisted(type, code)))
        .because("a provider that ServiceLoader does not find does not exist");
  }

  private static Stream<String> unlisted(JavaClass type, Codebase code) {
    List<JavaClass> doors =
        type.getAllRawInterfaces().stream()
            .filter(each -> each.getPackageName().equals(code.type("adapter.spi")))
            .toList();
    if (doors.isEmpty()) {
      return Stream.of(type.getName() + " implements no provider of adapter.spi");
    }
    return doors.stream()
        .filter(door -> !lines(servicesFile(type, door)).contains(type.getName()))
        .map(
            door ->
                "%s is missing in META-INF/services/%s".formatted(type.getName(), door.getName()));
  }

  private static Path servicesFile(JavaClass type, JavaClass door) {
    URI source = type.getSource().orElseThrow().getUri();
    Path folder = Path.of(source);
    for (int i = 0; i < type.getName().split("\\.").length; i++) {
      folder = Optional.ofNullable(folder.getParent()).orElseThrow();
    }
    return folder.resolve("META-INF/services").resolve(door.getName());
  }

  private static List<String> lines(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file).stream().map(String::strip).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> modules(Codebase code) {
    Set<String> listed = new TreeSet<>(PomModules.of(code.adaptersPom()));
    Set<String> found = new TreeSet<>();
    String prefix = code.type("adapter") + ".";
    for (JavaClass type : code.main()) {
      if (type.getPackageName().startsWith(prefix)) {
        found.add(type.getPackageName().substring(prefix.length()).split("\\.")[0]);
      }
    }
    return listed.equals(found)
        ? Optional.empty()
        : Optional.of(
            "modules of adapters/pom.xml: %s (expected: the adapter packages %s) because a module is"
                    .formatted(listed, found)
                + " one technology, named after its package, and none may be forgotten here");
  }
}
