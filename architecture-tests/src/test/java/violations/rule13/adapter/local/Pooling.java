package violations.rule13.adapter.local;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

final class Pooling {
  IntFunction<ExecutorService> fixed() {
    return Executors::newFixedThreadPool;
  }

  CompletableFuture<Void> async(Runnable task) {
    return CompletableFuture.runAsync(task);
  }

  long parallel(List<String> list) {
    return list.parallelStream().count();
  }

  ExecutorService virtual() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }
}
