package dev.spectacles.proxy.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests that lack what they need on this machine. Not everybody who builds has it, so they say that
 * they did not run; with {@code CI=true} they fail instead, and none is passed over.
 */
public final class NotRun {
  private NotRun() {}

  /** Ends the test that calls it. */
  public static void because(String reason) {
    String text = "!!! NOT RUN: " + reason + " !!!";
    System.out.println(text);
    if (isFailure()) {
      fail(text + " CI=true demands it");
    }
    abort(text);
  }

  /** Whether a test that cannot run has to fail. */
  public static boolean isFailure() {
    return "true".equalsIgnoreCase(System.getenv("CI"));
  }
}
