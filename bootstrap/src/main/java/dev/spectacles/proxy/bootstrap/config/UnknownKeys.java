package dev.spectacles.proxy.bootstrap.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spectacles.proxy.domain.text.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what stands in the file but is not declared.
 *
 * <p>Values of unknown keys are not shown: one may be a secret under a misspelt name.
 */
final class UnknownKeys {
  private final Schema schema;
  private final TomlFile file;
  private final List<Problem> problems = new ArrayList<>();

  UnknownKeys(Schema schema, TomlFile file) {
    this.schema = schema;
    this.file = file;
    for (Map.Entry<String, JsonNode> entry : file.root().properties()) {
      check(entry.getKey(), entry.getValue());
    }
  }

  List<Problem> problems() {
    return problems;
  }

  private void check(String name, JsonNode value) {
    if (schema.sections().contains(name)) {
      if (value instanceof ObjectNode section) {
        section.fieldNames().forEachRemaining(key -> checkKey(name, key));
      } else {
        String kind = value.isArray() ? "a list" : "a value";
        add(List.of(name), name + ": " + kind + " (expected: a section [" + name + "])");
      }
    } else if (value.isObject()) {
      List<String> sections = List.copyOf(schema.sections());
      add(
          List.of(name),
          "["
              + name
              + "]: unknown section (expected: one of "
              + String.join(", ", sections)
              + ")"
              + Suggestion.of(name, sections));
    } else {
      checkKey(Schema.TOP, name);
    }
  }

  private void checkKey(String section, String key) {
    String path = section.isEmpty() ? key : section + "." + key;
    boolean isTable = schema.tables().stream().anyMatch(table -> table.path().equals(path));
    if (isTable || schema.find(path).isPresent()) {
      return;
    }
    String known = section.isEmpty() ? "key of the top level" : "key of [" + section + "]";
    List<String> path0 = section.isEmpty() ? List.of(key) : List.of(section, key);
    add(path0, path + ": unknown " + known + meant(section, key));
  }

  /** The same name elsewhere is likelier than a similar one here, if none here is near. */
  private String meant(String section, String key) {
    String similar = Suggestion.of(key, schema.keysOf(section));
    if (!similar.isEmpty()) {
      return similar;
    }
    Optional<Setting> elsewhere =
        schema.settings().stream().filter(s -> s.key().name().equals(key)).findFirst();
    if (elsewhere.isPresent()) {
      return " (did you mean " + elsewhere.get().path() + "?)";
    }
    List<String> keys = schema.keysOf(section);
    return " (expected: one of " + String.join(", ", keys) + ")";
  }

  private void add(List<String> path, String text) {
    problems.add(Problem.at(file.origin(path), text));
  }
}
