package violations.rule12.adapter.local;

import java.util.concurrent.CountDownLatch;

final class Minding {
  Runnable lambda(CountDownLatch latch) {
    return () -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }
}
