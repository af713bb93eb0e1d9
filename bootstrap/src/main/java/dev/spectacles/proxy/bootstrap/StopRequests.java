package dev.spectacles.proxy.bootstrap;

import java.time.Duration;

/** Source of the wish that the process should end. */
@FunctionalInterface
interface StopRequests {
  /** Ends the listening. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /** Runs the action once when the process is asked to stop. */
  Listening listen(Runnable stop);

  /**
   * SIGTERM and SIGINT, after which the process ends with status 0.
   *
   * <p>They are seen by a shutdown hook: it runs the action, and then halts the JVM, whose own
   * status after a signal would be 143 or 130. {@link #listen} ends before an exit of the process'
   * own, so that its status is kept.
   */
  static StopRequests signals() {
    return stop -> {
      var hook =
          new Thread(
              () -> {
                stop.run();
                Runtime.getRuntime().halt(0);
              },
              "stop");
      Runtime.getRuntime().addShutdownHook(hook);
      return () -> {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
          // The hook runs already and will end the process.
          joinQuietly(hook);
        }
      };
    };
  }

  private static void joinQuietly(Thread hook) {
    try {
      hook.join(Duration.ofMinutes(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
