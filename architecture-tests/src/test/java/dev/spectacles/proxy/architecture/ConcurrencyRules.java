package dev.spectacles.proxy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static dev.spectacles.proxy.architecture.Conditions.condition;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import dev.spectacles.proxy.architecture.Rule.Check;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Time, threads and interruption. */
final class ConcurrencyRules {
  static final List<Permitted> PERMITTED =
      List.of(new Permitted("bootstrap.SystemClock", "it is the clock"));

  private ConcurrencyRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(11, "no clock but the port", Check.main(ConcurrencyRules::clock)),
        Rule.of(12, "interruption is passed on", Check.main(ConcurrencyRules::interruption)),
        Rule.of(13, "no pools of threads", Check.main(ConcurrencyRules::pools)),
        Rule.of(
            14,
            "no hidden state and no monitors",
            Check.main(ConcurrencyRules::synchronizedMethods),
            SynchronizedBlocks::violation,
            Check.main(ConcurrencyRules::staticState),
            Check.main(ConcurrencyRules::threadLocals)));
  }

  private static ArchRule clock(Codebase code) {
    return classes()
        .that(Permitted.noneOf(code, PERMITTED))
        .should(notAccess("read the time or sleep", ConcurrencyRules::isClock))
        .because("a test that moves the clock has to move all of it");
  }

  private static boolean isClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    boolean now = name.equals("now") && owner.startsWith("java.time.");
    boolean system =
        owner.equals("java.lang.System")
            && (name.equals("currentTimeMillis") || name.equals("nanoTime"));
    boolean sleep =
        name.equals("sleep")
            && (owner.equals("java.lang.Thread") || owner.equals("java.util.concurrent.TimeUnit"));
    boolean park = owner.equals("java.util.concurrent.locks.LockSupport");
    boolean date = owner.equals("java.util.Date") && name.equals("<init>");
    boolean otherClock = owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource");
    return now || system || sleep || park || date || otherClock;
  }

  private static ArchRule interruption(Codebase code) {
    return codeUnits()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(code.root() + "..")
        .should(
            condition(
                "declare InterruptedException or set the flag again where they catch it",
                ConcurrencyRules::swallowed))
        .because("an interruption that is swallowed is a stop that never comes");
  }

  private static Stream<String> swallowed(JavaCodeUnit unit) {
    boolean catches =
        unit.getTryCatchBlocks().stream()
            .flatMap(block -> block.getCaughtThrowables().stream())
            .anyMatch(caught -> caught.isEquivalentTo(InterruptedException.class));
    boolean declares = unit.getThrowsClause().containsType(InterruptedException.class);
    boolean sets =
        unit.getMethodCallsFromSelf().stream()
            .anyMatch(
                call ->
                    call.getName().equals("interrupt")
                        && call.getTargetOwner().isEquivalentTo(Thread.class));
    return catches && !declares && !sets
        ? Stream.of(unit.getFullName() + " swallows InterruptedException")
        : Stream.empty();
  }

  private static ArchRule pools(Codebase code) {
    return classes()
        .should(
            notAccess("use pools of threads, the common one included", ConcurrencyRules::isPool))
        .because("virtual threads are never pooled, and a pool's size is no limit anybody chose");
  }

  private static boolean isPool(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    var owner = access.getTargetOwner();
    boolean executors =
        owner.isEquivalentTo(Executors.class)
            && name.matches("new(Fixed|Cached|Single|Scheduled|WorkStealing).*");
    boolean async =
        owner.isAssignableTo(CompletableFuture.class)
            && (name.endsWith("Async") || name.equals("orTimeout"));
    boolean parallel = name.equals("parallel") || name.equals("parallelStream");
    boolean made =
        name.equals("<init>")
            && List.of(
                    "java.util.concurrent.ThreadPoolExecutor",
                    "java.util.concurrent.ScheduledThreadPoolExecutor",
                    "java.util.concurrent.ForkJoinPool",
                    "java.util.Timer")
                .contains(owner.getName());
    return executors || async || made || (parallel && owner.getName().startsWith("java.util."));
  }

  private static ArchRule synchronizedMethods(Codebase code) {
    return noMethods()
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .because("a monitor held while blocking pins the carrier thread on Java 21");
  }

  private static ArchRule staticState(Codebase code) {
    return fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .because("what is static and changes is shared by tests and instances that do not know it");
  }

  private static ArchRule threadLocals(Codebase code) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .because("with a thread per request it is a parameter in disguise");
  }

  private static ArchCondition<JavaClass> notAccess(
      String what, Predicate<JavaAccess<?>> forbidden) {
    return condition(
        "not " + what,
        type ->
            type.getAccessesFromSelf().stream().filter(forbidden).map(JavaAccess::getDescription));
  }
}
