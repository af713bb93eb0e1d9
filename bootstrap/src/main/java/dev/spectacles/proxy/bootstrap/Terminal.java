package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where people look at what is printed. */
interface Terminal {
  /** How much it shows, in characters. */
  record Size(int rows, int columns) {
    /** What terminals have of old. */
    static final Size USUAL = new Size(24, 80);
  }

  /** Whether what is printed goes to one. */
  boolean isThere();

  /** How much it shows now. */
  Size size() throws InterruptedException;

  /** That of this process; {@code stty} knows its size. */
  static Terminal ofProcess() {
    return new Terminal() {
      private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");

      // Main chooses the console that is null where there is none, whatever the Java.
      @Override
      @SuppressWarnings("SystemConsoleNull")
      public boolean isThere() {
        return System.console() != null;
      }

      @Override
      public Size size() throws InterruptedException {
        try {
          Process stty = new ProcessBuilder("stty", "size").redirectInput(Redirect.INHERIT).start();
          if (!stty.waitFor(1, TimeUnit.SECONDS)) {
            stty.destroyForcibly();
            return Size.USUAL;
          }
          Matcher said = SIZE.matcher(new String(stty.getInputStream().readAllBytes(), US_ASCII));
          boolean known =
              said.matches() && !said.group(1).equals("0") && !said.group(2).equals("0");
          return known
              ? new Size(Integer.parseInt(said.group(1)), Integer.parseInt(said.group(2)))
              : Size.USUAL;
        } catch (IOException noStty) {
          return Size.USUAL;
        }
      }
    };
  }
}
