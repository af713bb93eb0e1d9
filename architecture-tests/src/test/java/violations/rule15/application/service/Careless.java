package violations.rule15.application.service;

import java.util.logging.Logger;

final class Careless {
  void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      System.err.println("failed");
      Logger.getLogger("careless").warning("failed");
      throw new RuntimeException(e);
    }
  }
}
