package dev.spectacles.proxy.architecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The modules of this build, as the poms list them, and the classes Maven made of them. */
final class Project {
  static final String ROOT = "dev.spectacles.proxy";

  private final Path top;
  private final List<Path> modules = new ArrayList<>();

  private Project(Path top) {
    this.top = top;
    collect(top);
  }

  static Project find() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("architecture-tests"))) {
      folder = Optional.ofNullable(folder.getParent()).orElseThrow();
    }
    return new Project(folder);
  }

  private void collect(Path folder) {
    modules.add(folder);
    PomModules.of(folder.resolve("pom.xml")).forEach(name -> collect(folder.resolve(name)));
  }

  Path folder(String path) {
    return top.resolve(path);
  }

  /** All modules; a folder of classes that should be there and is not fails. */
  Codebase codebase() {
    List<Path> sources = existing("src/main/java").toList();
    return new Codebase(
        ROOT,
        new ClassFileImporter().importPaths(compiled("src/main/java", "target/classes")),
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/violations/"))
            .importPaths(compiled("src/test/java", "target/test-classes")),
        sources,
        folder("adapters/pom.xml"));
  }

  /** The tree that is planted to violate one rule. */
  Codebase planted(int rule) {
    String name = "rule%02d".formatted(rule);
    Path classes = folder("architecture-tests/target/test-classes/violations").resolve(name);
    if (!Files.isDirectory(classes)) {
      throw new IllegalStateException("rule " + rule + ": no violation planted in " + classes);
    }
    var planted = new ClassFileImporter().importPath(classes);
    return new Codebase(
        "violations." + name,
        planted,
        planted,
        List.of(folder("architecture-tests/src/test/java/violations").resolve(name)),
        folder("architecture-tests/src/test/resources/violations/adapters-pom.xml"));
  }

  private Stream<Path> existing(String folder) {
    return modules.stream().map(module -> module.resolve(folder)).filter(Files::isDirectory);
  }

  private List<Path> compiled(String sources, String classes) {
    return modules.stream()
        .filter(module -> hasSources(module.resolve(sources)))
        .map(module -> module.resolve(classes))
        .map(Project::required)
        .toList();
  }

  private static Path required(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          folder + ": no classes (expected: built by mvn verify, or -am beside -pl)");
    }
    return folder;
  }

  private static boolean hasSources(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
