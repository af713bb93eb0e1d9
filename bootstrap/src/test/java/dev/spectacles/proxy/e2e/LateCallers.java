package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Callers that publish, and subscribe to the answer some time later, on plain connections. */
final class LateCallers {
  private final Callable<RespConnection> redis;
  private final int callers;
  private final int requestsEach;
  private final Duration latest;

  LateCallers(Callable<RespConnection> redis, int callers, int requestsEach, Duration latest) {
    this.redis = redis;
    this.callers = callers;
    this.requestsEach = requestsEach;
    this.latest = latest;
  }

  /** Makes the requests, by their number; returns how many were answered. */
  int run(IntFunction<byte[]> requests) throws Exception {
    var results = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        int first = i * requestsEach;
        results.add(threads.submit(() -> call(first, requests)));
      }
    }
    int answered = 0;
    for (var result : results) {
      answered += result.get();
    }
    return answered;
  }

  private int call(int first, IntFunction<byte[]> requests) throws Exception {
    var random = new Random(first);
    int answered = 0;
    try (var publisher = redis.call();
        var subscriber = redis.call()) {
      for (int number = first; number < first + requestsEach; number++) {
        Object id = publisher.command("XADD", "REQUEST", "*", "data", requests.apply(number));
        Until.passes(Duration.ofNanos(random.nextLong(latest.toNanos() + 1)));
        String channel = "REQUEST:" + id;
        subscriber.command("SUBSCRIBE", channel);
        // Fails after 20 s without an answer.
        if (kindOf(subscriber.read()).equals("message")) {
          answered++;
        }
        subscriber.send("UNSUBSCRIBE", channel);
        while (!kindOf(subscriber.read()).equals("unsubscribe")) {
          // An answer that was offered once more.
        }
      }
    }
    return answered;
  }

  private static String kindOf(Object push) {
    return ((List<?>) push).getFirst().toString();
  }
}
