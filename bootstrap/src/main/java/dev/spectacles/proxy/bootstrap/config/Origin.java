package dev.spectacles.proxy.bootstrap.config;

import java.util.OptionalInt;

/** Where a value of the configuration comes from; its text is what {@code check} shows. */
public sealed interface Origin {
  /** Declared default. */
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }

  /**
   * Configuration file.
   *
   * @param line where the key stands, if it could be found
   */
  record File(String name, OptionalInt line) implements Origin {
    @Override
    public String toString() {
      return line.isPresent() ? name + ":" + line.getAsInt() : name;
    }
  }

  /** Environment variable. */
  record Environment(String variable) implements Origin {
    @Override
    public String toString() {
      return "environment " + variable;
    }
  }

  /** Option of the command line, such as {@code --embedded}. */
  record Option(String name) implements Origin {
    @Override
    public String toString() {
      return "option " + name;
    }
  }
}
