package dev.spectacles.proxy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the runbook against the warnings and errors that the sources can log. */
class RunbookTest {
  private static final Path RUNBOOK = Path.of("..", "docs", "runbook.md");
  private static final Pattern CALL = Pattern.compile("\\b(?:LOG|log)\\s*\\.(warn|error)\\(");
  private static final Pattern ENTRY =
      Pattern.compile("\\| (WARN|ERROR) \\| `([^`]+)` \\| .{3,} \\|");

  /** A line of the runbook, or a text that is logged. */
  private record Message(String level, String text) {}

  @Test
  void everyWarningAndError_isInTheRunbook() throws IOException {
    List<Message> told = entries();
    List<Message> missing =
        logged().stream()
            .filter(
                message ->
                    told.stream()
                        .noneMatch(
                            entry ->
                                entry.level().equals(message.level())
                                    && entry.text().contains(message.text())))
            .toList();

    assertThat(missing).as("add a row to docs/runbook.md for each").isEmpty();
  }

  @Test
  void everyEntryOfTheRunbook_isInTheSources() throws IOException {
    String texts = String.join("\n", sources().stream().flatMap(RunbookTest::texts).toList());
    List<Message> gone =
        entries().stream()
            .filter(
                entry ->
                    !Stream.of(entry.text().split("…", -1))
                        .map(part -> part.replaceAll("^[ ,:(]+|[ ,:()]+$", ""))
                        .allMatch(texts::contains))
            .toList();

    assertThat(gone).as("nothing prints it any more: remove its row").isEmpty();
  }

  @Test
  void scan_findsWhatIsThere() throws IOException {
    assertThat(entries()).hasSizeGreaterThan(60).doesNotHaveDuplicates();
    assertThat(logged())
        .hasSizeGreaterThan(60)
        .contains(
            new Message("WARN", "Redis at {} is not reachable: {}; trying again"),
            new Message("ERROR", "event not applied: name={}"));
  }

  private static List<Message> entries() throws IOException {
    Matcher entry = ENTRY.matcher(Files.readString(RUNBOOK));
    return entry.results().map(found -> new Message(found.group(1), found.group(2))).toList();
  }

  /** Texts of all calls, without those that say nothing by themselves. */
  private static List<Message> logged() throws IOException {
    var messages = new ArrayList<Message>();
    for (String source : sources()) {
      Matcher call = CALL.matcher(source);
      while (call.find()) {
        String level = call.group(1).equals("warn") ? "WARN" : "ERROR";
        texts(firstArgument(source, call.end()))
            .filter(text -> text.chars().filter(Character::isLetter).count() > 8)
            .forEach(text -> messages.add(new Message(level, trimmed(text))));
      }
    }
    return messages;
  }

  private static String trimmed(String text) {
    // What is filled in by formatted() is an ellipsis in the runbook.
    return text.replace("%s", "…").replace("%d", "…").strip();
  }

  /** Texts of the source; those that are joined at compile time as one. */
  private static Stream<String> texts(String source) {
    var texts = new ArrayList<String>();
    int joinedUpTo = -1;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\'') {
        i = closing(source, i);
      } else if (source.startsWith("//", i)) {
        i = source.indexOf('\n', i);
      } else if (source.startsWith("/*", i)) {
        i = source.indexOf("*/", i) + 1;
      } else if (c == '"') {
        int end = closing(source, i);
        String text = source.substring(i + 1, end).replace("\\\"", "\"");
        boolean joined = joinedUpTo >= 0 && source.substring(joinedUpTo, i).isBlank();
        texts.add(joined ? texts.removeLast() + text : text);
        i = end;
        joinedUpTo = end + 1;
      } else if (c == '+' && joinedUpTo >= 0 && source.substring(joinedUpTo, i).isBlank()) {
        joinedUpTo = i + 1;
      } else if (!Character.isWhitespace(c)) {
        joinedUpTo = -1;
      }
    }
    return texts.stream();
  }

  /** Where the literal that begins there ends. */
  private static int closing(String source, int start) {
    int i = start + 1;
    while (source.charAt(i) != source.charAt(start)) {
      i += source.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  /** The source from there up to the end of the argument. */
  private static String firstArgument(String source, int start) {
    int depth = 0;
    for (int i = start; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '"') {
        i = closing(source, i);
      } else if (c == '(') {
        depth++;
      } else if (c == ')' || c == ',') {
        if (depth == 0) {
          return source.substring(start, i);
        }
        depth -= c == ')' ? 1 : 0;
      }
    }
    throw new IllegalArgumentException("source: no end of an argument (expected: one)");
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(".."))) {
      return all.filter(path -> path.toString().contains("/src/main/java/"))
          .filter(path -> path.toString().endsWith(".java"))
          .map(RunbookTest::read)
          .toList();
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
