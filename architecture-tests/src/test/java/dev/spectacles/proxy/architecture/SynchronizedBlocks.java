package dev.spectacles.proxy.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds synchronized blocks in sources: ArchUnit sees members and calls only. */
final class SynchronizedBlocks {
  private static final Pattern BLOCK = Pattern.compile("^\\s*synchronized\\s*\\(");

  private SynchronizedBlocks() {}

  static Optional<String> violation(Codebase code) {
    var found = new ArrayList<String>();
    for (Path folder : code.sources()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          List<String> lines = Files.readAllLines(file);
          for (int i = 0; i < lines.size(); i++) {
            if (BLOCK.matcher(lines.get(i)).find()) {
              found.add("%s:%d: synchronized block".formatted(file.getFileName(), i + 1));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            found + " because a monitor held while blocking pins the carrier thread on Java 21");
  }
}
