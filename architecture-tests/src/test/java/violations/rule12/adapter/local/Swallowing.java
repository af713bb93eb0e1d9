package violations.rule12.adapter.local;

import java.util.concurrent.CountDownLatch;

final class Swallowing {
  boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  Runnable lambda(CountDownLatch latch) {
    return () -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        latch.countDown();
      }
    };
  }
}
