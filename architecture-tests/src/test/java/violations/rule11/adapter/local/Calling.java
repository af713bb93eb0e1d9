package violations.rule11.adapter.local;

import java.time.Instant;

final class Calling {
  Instant now() {
    return Instant.now();
  }

  void sleep() throws InterruptedException {
    Thread.sleep(1);
  }
}
