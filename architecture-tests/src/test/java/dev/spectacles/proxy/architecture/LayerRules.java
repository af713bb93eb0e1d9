package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.net.URLDecoder;
import java.util.List;

/** Who may know whom. */
final class LayerRules {
  private LayerRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(1, "layers", Check.main(LayerRules::layers)),
        Rule.of(2, "domain knows nothing but itself", Check.main(LayerRules::domain)),
        Rule.of(3, "application knows the domain only", Check.main(LayerRules::application)),
        Rule.of(
            4,
            "ports and services",
            Check.main(LayerRules::portsWithoutServices),
            Check.main(LayerRules::servicesBehindPorts)),
        Rule.of(5, "adapters do not know each other", Check.main(LayerRules::adapters)),
        Rule.of(7, "no cycles between packages", Check.main(LayerRules::noCycles)));
  }

  private static ArchRule layers(Codebase code) {
    return layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(code.root() + "..")
        .layer("domain")
        .definedBy(code.all("domain"))
        .layer("application")
        .definedBy(code.all("application"))
        .layer("adapter")
        .definedBy(code.all("adapter"))
        .layer("bootstrap")
        .definedBy(code.all("bootstrap"))
        .whereLayer("bootstrap")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("adapter")
        .mayOnlyBeAccessedByLayers("bootstrap")
        .whereLayer("application")
        .mayOnlyBeAccessedByLayers("adapter", "bootstrap")
        .whereLayer("domain")
        .mayOnlyBeAccessedByLayers("application", "adapter", "bootstrap")
        .ensureAllClassesAreContainedInArchitecture()
        .because("technology may change without the rules of Discord's limits noticing");
  }

  private static ArchRule domain(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all("domain"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(code.all("domain"), "java..", "javax.crypto..", "org.jspecify..")
                .and(
                    resideOutsideOfPackages("java.net..", "java.io..", "java.util.concurrent..")
                        .or(equivalentTo(URLDecoder.class))
                        .as("neither I/O nor concurrency (URLDecoder is a pure function)")))
        .because("what is a value or a pure function can be tested without anything around it");
  }

  private static ArchRule application(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all("application"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                code.all("application"),
                code.all("domain"),
                "java..",
                "org.jspecify..",
                "org.slf4j.."))
        .because("a library belongs behind a port, in an adapter");
  }

  private static ArchRule portsWithoutServices(Codebase code) {
    return noClasses()
        .that()
        .resideInAPackage(code.all("application.port"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(code.all("application.service"))
        .because("a port is what services and adapters agree on, whoever implements it");
  }

  private static ArchRule servicesBehindPorts(Codebase code) {
    return classes()
        .that()
        .resideInAPackage(code.all("application.service"))
        .should()
        .onlyHaveDependentClassesThat(
            resideInAnyPackage(code.all("application.service"), code.all("bootstrap")))
        .because("adapters call use cases by their ports; only the wiring knows what is behind");
  }

  private static ArchRule adapters(Codebase code) {
    var leaves = resideInAnyPackage(code.all("adapter.wire"), code.all("adapter.spi"));
    return slices()
        .matching(code.root() + ".adapter.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            resideInAPackage(code.all("adapter"))
                .and(resideOutsideOfPackages(code.all("adapter.wire"), code.all("adapter.spi"))),
            leaves)
        .because(
            "an adapter can be removed or replaced alone; wire and spi are leaves without I/O, made"
                + " for the others");
  }

  private static ArchRule noCycles(Codebase code) {
    return slices()
        .matching(code.root() + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("packages in a cycle can only be understood together");
  }
}
