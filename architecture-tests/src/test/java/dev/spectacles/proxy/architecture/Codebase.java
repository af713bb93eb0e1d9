package dev.spectacles.proxy.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import java.util.List;

/**
 * What rules are applied to.
 *
 * @param root package of everything; the layers are right below it
 * @param main classes that are shipped
 * @param tests classes of tests and their fixtures
 * @param sources folders of the shipped classes' sources
 * @param adaptersPom pom that lists the adapter modules
 */
record Codebase(
    String root, JavaClasses main, JavaClasses tests, List<Path> sources, Path adaptersPom) {
  /** Package below the root, with everything below it, such as {@code adapter.wire}. */
  String all(String below) {
    return root + "." + below + "..";
  }

  /** Class below the root. */
  String type(String below) {
    return root + "." + below;
  }
}
