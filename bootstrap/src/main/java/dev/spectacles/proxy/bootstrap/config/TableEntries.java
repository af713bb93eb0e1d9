package dev.spectacles.proxy.bootstrap.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what the file says in tables, whose keys are not declared. */
final class TableEntries {
  private static final String SEGMENT = "(?:[a-z@:{}_.-]{1,32}|[0-9]{1,20})";

  /** What may be a token, that of a webhook in a path or one taken for an id, is not shown. */
  private static final Pattern SHOWABLE =
      Pattern.compile(
          "[A-Za-z0-9_-]{0,24}|(?:[A-Z]{3,7} )?/?" + SEGMENT + "(?:/" + SEGMENT + "){0,8}");

  private final TomlFile file;
  private final List<Setting> settings = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  TableEntries(Schema schema, TomlFile file) {
    this.file = file;
    schema.tables().forEach(this::read);
  }

  /** Entries whose key is right. */
  List<Setting> settings() {
    return settings;
  }

  List<Problem> problems() {
    return problems;
  }

  private void read(Table table) {
    List<String> path = path(table);
    JsonNode node = file.at(path);
    if (node instanceof ObjectNode entries) {
      entries.fieldNames().forEachRemaining(key -> check(table, key));
    } else if (!node.isMissingNode()) {
      String kind = node.isArray() ? "a list" : "a value";
      problem(path, table.path() + ": " + kind + " (expected: a section [" + table.path() + "])");
    }
  }

  private void check(Table table, String key) {
    Optional<String> refusal = table.refusal().apply(key);
    if (refusal.isEmpty()) {
      settings.add(table.entry(key));
    } else {
      String shown = SHOWABLE.matcher(key).matches() ? key : "***";
      problem(
          Stream.concat(path(table).stream(), Stream.of(key)).toList(),
          table.path() + ": key \"" + shown + "\" (expected: " + refusal.get() + ")");
    }
  }

  private static List<String> path(Table table) {
    return List.of(table.path().split("[.]"));
  }

  private void problem(List<String> path, String text) {
    problems.add(Problem.at(file.origin(path), text));
  }
}
