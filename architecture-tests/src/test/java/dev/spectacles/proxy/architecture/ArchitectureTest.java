package dev.spectacles.proxy.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule holds for every module. */
class ArchitectureTest {
  private static final Codebase CODE = Project.find().codebase();

  static List<Rule> rules() {
    return Rules.all();
  }

  static List<LibraryRules.Library> libraries() {
    return LibraryRules.LIBRARIES;
  }

  static Stream<String> permitted() {
    return Rules.permitted().stream().map(Permitted::type);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void everyModule_keepsTheRule(Rule rule) {
    assertThat(rule.checks().stream().map(check -> check.violation(CODE)).flatMap(Optional::stream))
        .isEmpty();
  }

  /** A library whose package is misspelt here would be let in everywhere. */
  @ParameterizedTest
  @MethodSource("libraries")
  void library_isUsedInEachOfItsHomes(LibraryRules.Library library) {
    for (String home : library.homes()) {
      assertThat(CODE.main())
          .as("%s in %s", library.packageName(), home)
          .anyMatch(
              type ->
                  (type.getPackageName() + ".").startsWith(CODE.type(home) + ".")
                      && type.getDirectDependenciesFromSelf().stream()
                          .anyMatch(used -> library.contains(used.getTargetClass())));
    }
  }

  @ParameterizedTest
  @MethodSource("permitted")
  void exception_isStillThere(String type) {
    assertThat(CODE.main().contain(CODE.type(type))).isTrue();
  }
}
