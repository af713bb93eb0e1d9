package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.InMemoryResponseStore;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Store of answers to which things happen when the test says so. */
final class ScriptedResponseStore implements ResponseStore {
  /** What happens before a call, or instead of it. */
  interface Step {
    void happen() throws InterruptedException;
  }

  final List<CacheKey> keys = new CopyOnWriteArrayList<>();
  final AtomicInteger calls = new AtomicInteger();
  volatile Step beforeGet = () -> {};
  volatile Step afterGet = () -> {};
  volatile Step beforePut = () -> {};
  volatile boolean roomy = true;
  volatile Optional<byte[]> garbage = Optional.empty();
  private final InMemoryResponseStore store;

  ScriptedResponseStore(Clock clock) {
    store = new InMemoryResponseStore(clock);
  }

  /** The same for all its calls. */
  void before(Step step) {
    beforeGet = step;
    beforePut = step;
  }

  @Override
  public Optional<byte[]> get(CacheKey key) throws InterruptedException {
    calls.incrementAndGet();
    beforeGet.happen();
    Optional<byte[]> found = garbage.isPresent() ? garbage : store.get(key);
    afterGet.happen();
    return found;
  }

  @Override
  public boolean put(CacheKey key, byte[] response, Duration kept) throws InterruptedException {
    calls.incrementAndGet();
    beforePut.happen();
    keys.add(key);
    return roomy && store.put(key, response, kept);
  }

  @Override
  public Usage usage() throws InterruptedException {
    beforeGet.happen();
    return store.usage();
  }

  @Override
  public void close() {}
}
