package dev.spectacles.proxy.testing;

import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests of a contract of which their subject does not make this promise. They have nothing to show
 * then, and say which promise it is and why it is not made; it is not for want of anything on this
 * machine, as with {@link NotRun}.
 */
public final class NotPromised {
  private NotPromised() {}

  /**
   * Ends the test that calls it.
   *
   * @param test an instance of the class that tests the subject
   * @param why it is not promised
   */
  public static void by(Object test, String why) {
    System.out.println(test.getClass().getSimpleName() + " does not have to keep this: " + why);
    abort(why);
  }
}
