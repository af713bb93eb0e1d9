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
    check(Schema.TOP, file.root());
  }

  List<Problem> problems() {
    return problems;
  }

  private void check(String section, ObjectNode content) {
    for (Map.Entry<String, JsonNode> entry : content.properties()) {
      check(section, entry.getKey(), entry.getValue());
    }
  }

  private void check(String section, String name, JsonNode value) {
    String path = section.isEmpty() ? name : section + "." + name;
    if (schema.sections().contains(path)) {
      if (value instanceof ObjectNode content) {
        check(path, content);
      } else {
        String kind = value.isArray() ? "a list" : "a value";
        add(path, path + ": " + kind + " (expected: a section [" + path + "])");
      }
    } else if (section.isEmpty() && value.isObject()) {
      List<String> sections =
          schema.sections().stream().filter(known -> known.indexOf('.') < 0).toList();
      add(
          path,
          "["
              + path
              + "]: unknown section (expected: one of "
              + String.join(", ", sections)
              + ")"
              + Suggestion.of(path, sections));
    } else {
      checkKey(section, name, path);
    }
  }

  private void checkKey(String section, String key, String path) {
    boolean isTable = schema.tables().stream().anyMatch(table -> table.path().equals(path));
    if (isTable || schema.find(path).isPresent()) {
      return;
    }
    String known = section.isEmpty() ? "key of the top level" : "key of [" + section + "]";
    add(path, path + ": unknown " + known + meant(section, key));
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

  private void add(String path, String text) {
    problems.add(Problem.at(file.origin(List.of(path.split("[.]"))), text));
  }
}
