package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Section whose keys are names that only the operator knows, each with a value of the same type; in
 * the file only.
 *
 * @param section around it
 * @param refusal what is expected instead of a name, if it cannot be a key
 * @param expectation what its keys have to be
 * @param key what a key of this name is
 * @param rule for each value
 * @param example of a line
 */
record Table(
    String section,
    String name,
    Function<String, Optional<String>> refusal,
    String expectation,
    Function<String, ConfigKeys.Key> key,
    Setting.Rule rule,
    String example) {
  String path() {
    return section + "." + name;
  }

  /** Setting that one of its keys is. */
  Setting entry(String name) {
    return new Setting(path(), key.apply(name), List.of(), rule, true);
  }

  /** One sentence for the reference. */
  String meaning() {
    return key.apply(name).meaning();
  }

  /** What each value has to be. */
  String valueExpectation() {
    return Values.expectation(key.apply(name));
  }
}
