package dev.spectacles.proxy.bootstrap.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.domain.text.BadDurationException;
import dev.spectacles.proxy.domain.text.HumanDuration;
import dev.spectacles.proxy.domain.text.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads values of each {@link ConfigKeys.Type}: as {@code String}, {@code Long}, {@code Boolean},
 * {@code Optional<Duration>} and {@code List<String>}.
 */
final class Values {
  private Values() {}

  /** Value of an environment variable or of a declared default. */
  static Object ofText(Setting setting, String text) throws BadValueException {
    Object value = read(setting.key(), text);
    setting.rule().check(value);
    return value;
  }

  /** Value of the file, whose type has to be right. */
  static Object ofFile(Setting setting, JsonNode node) throws BadValueException {
    ConfigKeys.Key key = setting.key();
    boolean typed =
        switch (key.type()) {
          case TEXT, DURATION -> node.isTextual();
          case NUMBER -> node.isIntegralNumber();
          case FLAG -> node.isBoolean();
          case LIST -> node.isArray();
        };
    if (!typed) {
      throw new BadValueException(expectation(key) + hint(key, node));
    }
    if (key.type() != ConfigKeys.Type.LIST) {
      return ofText(setting, node.asText());
    }
    var texts = new ArrayList<String>();
    for (JsonNode element : node) {
      if (!(element instanceof TextNode)) {
        throw new BadValueException(expectation(key));
      }
      texts.add(element.textValue());
    }
    setting.rule().check(List.copyOf(texts));
    return List.copyOf(texts);
  }

  /** What may be written for this key. */
  static String expectation(ConfigKeys.Key key) {
    return switch (key.type()) {
      case TEXT ->
          key.choices().isEmpty()
              ? "a text in quotes"
              : key.choices().size() == 1
                  ? key.choices().getFirst()
                  : "one of " + String.join(", ", key.choices());
      case NUMBER -> "a whole number from " + key.minimum() + " to " + key.maximum();
      case FLAG -> "true or false";
      case DURATION -> "a duration such as \"30s\", \"2min\" or \"1h 30m\"";
      case LIST -> "a list of texts such as [\"a\", \"b\"]";
    };
  }

  private static Object read(ConfigKeys.Key key, String text) throws BadValueException {
    return switch (key.type()) {
      case TEXT -> choice(key, text);
      case NUMBER -> number(key, text.strip());
      case FLAG -> flag(key, text.strip());
      case DURATION -> duration(text);
      case LIST ->
          Arrays.stream(text.split(",", -1)).map(String::strip).filter(t -> !t.isEmpty()).toList();
    };
  }

  private static Optional<Duration> duration(String text) throws BadValueException {
    try {
      return HumanDuration.read(text);
    } catch (BadDurationException e) {
      throw new BadValueException(e.expectation());
    }
  }

  private static String choice(ConfigKeys.Key key, String text) throws BadValueException {
    if (key.choices().isEmpty()) {
      return text;
    }
    for (String choice : key.choices()) {
      if (choice.equalsIgnoreCase(text.strip())) {
        return choice;
      }
    }
    throw new BadValueException(expectation(key) + Suggestion.of(text, key.choices()));
  }

  private static Long number(ConfigKeys.Key key, String text) throws BadValueException {
    try {
      long number = Long.parseLong(text);
      if (number >= key.minimum() && number <= key.maximum()) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new BadValueException(expectation(key));
    }
    throw new BadValueException(expectation(key));
  }

  private static Boolean flag(ConfigKeys.Key key, String text) throws BadValueException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadValueException(expectation(key));
    };
  }

  private static String hint(ConfigKeys.Key key, JsonNode node) {
    boolean quoted =
        node.isTextual()
            && (key.type() == ConfigKeys.Type.NUMBER || key.type() == ConfigKeys.Type.FLAG);
    if (quoted) {
      return ", without quotes";
    }
    return key.type() == ConfigKeys.Type.DURATION && node.isNumber()
        ? ", in quotes and with its unit"
        : "";
  }
}
