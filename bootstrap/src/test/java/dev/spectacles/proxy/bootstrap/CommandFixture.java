package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.caffeine.CaffeineCacheStoreProvider;
import dev.spectacles.proxy.adapter.local.LocalRateLimitStoreProvider;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import dev.spectacles.proxy.bootstrap.config.Providers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;

/** Command line in a folder of its own, with a fake broker and captured output. */
final class CommandFixture {
  final FakeBrokerProvider broker = new FakeBrokerProvider();
  final Map<String, String> environment = new HashMap<>(Map.of("BROKER_TYPE", "fake"));
  final SynchronousQueue<Runnable> stops = new SynchronousQueue<>();
  final CountDownLatch listeningEnded = new CountDownLatch(1);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Path directory;
  private byte[] input = {};

  CommandFixture(Path directory) {
    this.directory = directory;
  }

  CommandFixture input(byte[] bytes) {
    input = bytes;
    return this;
  }

  int run(String... arguments) {
    return Main.commandLine(surroundings(new SystemClock())).execute(arguments);
  }

  Surroundings surroundings(Clock clock) {
    return new Surroundings(
        environment,
        directory,
        new ByteArrayInputStream(input),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        new Plugins(
            Providers.brokers(List.of(broker)),
            Providers.stores(List.of(new LocalRateLimitStoreProvider())),
            Providers.cacheStores(List.of(new CaffeineCacheStoreProvider()))),
        clock,
        this::listen);
  }

  String out() {
    return out.toString(UTF_8);
  }

  byte[] outBytes() {
    return out.toByteArray();
  }

  String err() {
    return err.toString(UTF_8);
  }

  private StopRequests.Listening listen(Runnable stop) {
    Thread.startVirtualThread(() -> offer(stop));
    return listeningEnded::countDown;
  }

  private void offer(Runnable stop) {
    try {
      stops.put(stop);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
