package dev.spectacles.proxy.bootstrap.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.dataformat.toml.TomlReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Parsed configuration file.
 *
 * @param name as it is shown
 * @param problems why it could not be parsed; empty if it could
 */
record TomlFile(String name, ObjectNode root, TomlLines lines, List<Problem> problems) {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** Stands for a file that is not there. */
  static TomlFile absent(String name) {
    return new TomlFile(name, JsonNodeFactory.instance.objectNode(), new TomlLines(""), List.of());
  }

  /** Reads the file; what is wrong with it becomes a problem. */
  static TomlFile read(String name, Path path) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path))).toString();
      // Some editors write one, and TOML permits it at the start; Jackson does not.
      boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
      return parse(name, marked ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return broken(name, "not UTF-8 (expected: a TOML file saved as UTF-8)");
    } catch (NoSuchFileException e) {
      return broken(name, "no such file (expected: a TOML file)");
    } catch (IOException e) {
      String why = Files.isDirectory(path) ? "it is a folder" : e.getClass().getSimpleName();
      return broken(name, "cannot be read: " + why + " (expected: a TOML file)");
    }
  }

  /** What stands at this path; missing if nothing does. */
  JsonNode at(List<String> path) {
    JsonNode node = root;
    for (String name : path) {
      node = node.path(name);
    }
    return node;
  }

  Origin.File origin(List<String> path) {
    return new Origin.File(name, lines.of(path));
  }

  private static TomlFile parse(String name, String text) {
    try {
      JsonNode root =
          TomlMapper.builder().enable(TomlReadFeature.PARSE_JAVA_TIME).build().readTree(text);
      ObjectNode table =
          root instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
      return new TomlFile(name, table, new TomlLines(text), List.of());
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      return at == null
          ? broken(name, e.getOriginalMessage())
          : broken(
              new Origin.File(name, OptionalInt.of(at.getLineNr())),
              "column " + at.getColumnNr() + ": " + e.getOriginalMessage());
    }
  }

  private static TomlFile broken(String name, String text) {
    return broken(new Origin.File(name, OptionalInt.empty()), text);
  }

  private static TomlFile broken(Origin.File where, String text) {
    TomlFile absent = absent(where.name());
    return new TomlFile(
        where.name(), absent.root(), absent.lines(), List.of(Problem.at(where, text)));
  }
}
