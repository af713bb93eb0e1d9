package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static dev.spectacles.proxy.architecture.Conditions.condition;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Exceptions, output and nullness. */
final class CodingRules {
  static final List<Permitted> PERMITTED =
      List.of(
          new Permitted(
              "application.service.EventApplication",
              "an event that meets a defect would meet it each time it came again"),
          new Permitted(
              "application.service.GuildDrafts",
              "an event that meets a defect would meet it each time it came again"),
          new Permitted(
              "application.service.GatewayIngest",
              "its thread keeps all events of the gateway: a defect must not end it"),
          new Permitted(
              "application.service.ServeBroker",
              "outermost task of a request: whatever the defect, its caller gets an answer"),
          new Permitted(
              "application.service.ServeCallers",
              "outermost task of a request: whatever the defect, its caller gets an answer"),
          new Permitted(
              "application.service.ServeSends",
              "its thread forwards all packets: a defect must not end it"),
          new Permitted(
              "application.service.TokenPump",
              "its thread gives all requests of a caller their turns: a store's defect must not end"
                  + " it"),
          new Permitted(
              "adapter.amqp.Link",
              "its thread connects again whenever it has to: a defect must not end it"),
          new Permitted(
              "adapter.discord.JdkDiscordApi", "the signature of resilience4j's TimeLimiter"),
          new Permitted(
              "adapter.metrics.MetricsServer",
              "outermost task of a page: the JDK's server would hide what became of it"),
          new Permitted(
              "bootstrap.Lifecycle",
              "whatever keeps a part from starting, those before it are stopped"));

  private CodingRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            15,
            "exceptions and output",
            Check.main(CodingRules::genericThrown),
            Check.main(CodingRules::genericCaught),
            Check.main(CodingRules::standardStreams),
            Check.main(CodingRules::javaUtilLogging)),
        Rule.of(17, "null is marked", Check.main(CodingRules::nullMarked)));
  }

  private static ArchRule genericThrown(Codebase code) {
    return noClasses()
        .should(THROW_GENERIC_EXCEPTIONS)
        .because("who catches it cannot tell what happened");
  }

  /**
   * Catching {@link Throwable} is left to reviews: what the compiler makes of try-with-resources
   * looks the same.
   */
  private static ArchRule genericCaught(Codebase code) {
    return codeUnits()
        .that()
        .areDeclaredInClassesThat(Permitted.noneOf(code, PERMITTED))
        .should(condition("not catch generic exceptions", CodingRules::generic))
        .because("a defect that is caught together with what was expected stays unknown");
  }

  private static Stream<String> generic(JavaCodeUnit unit) {
    return unit.getTryCatchBlocks().stream()
        .flatMap(
            block ->
                block.getCaughtThrowables().stream()
                    .filter(
                        caught ->
                            caught.isEquivalentTo(RuntimeException.class)
                                || caught.isEquivalentTo(Exception.class))
                    .map(
                        caught ->
                            "%s catches %s %s"
                                .formatted(
                                    unit.getFullName(),
                                    caught.getSimpleName(),
                                    block.getSourceCodeLocation())))
        .distinct();
  }

  private static ArchRule standardStreams(Codebase code) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(code.type("bootstrap"))
        .should(ACCESS_STANDARD_STREAMS)
        .because("only the command line talks to whoever started it; all else is a log line");
  }

  private static ArchRule javaUtilLogging(Codebase code) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .because("one log, by slf4j, which the operator can configure");
  }

  private static ArchRule nullMarked(Codebase code) {
    return classes()
        .that()
        .areTopLevelClasses()
        .should(
            condition("be in a package whose package-info is @NullMarked", CodingRules::unmarked))
        .because("NullAway checks marked packages only, and the signpost belongs there too");
  }

  private static Stream<String> unmarked(JavaClass type) {
    return type.getPackage().isAnnotatedWith(NullMarked.class)
        ? Stream.empty()
        : Stream.of(
            "%s: package %s has no @NullMarked package-info"
                .formatted(type.getName(), type.getPackageName()));
  }
}
