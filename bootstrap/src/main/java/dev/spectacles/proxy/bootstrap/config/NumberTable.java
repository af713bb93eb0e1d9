package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Section whose keys are names that only the operator knows, each with a number; in the file only.
 *
 * @param section around it
 * @param names what its keys have to be
 * @param expectation the same in words
 * @param example of a key
 */
record NumberTable(
    String section,
    String name,
    Pattern names,
    String expectation,
    String example,
    long minimum,
    long maximum,
    String meaning) {
  String path() {
    return section + "." + name;
  }

  /** Setting that one of its keys is. */
  Setting entry(String key) {
    return new Setting(
        path(),
        ConfigKeys.number(key, minimum, minimum, maximum, meaning),
        List.of(),
        Setting.Rule.NONE);
  }
}
