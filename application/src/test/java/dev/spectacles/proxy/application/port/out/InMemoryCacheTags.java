package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.Generation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tags of all instances in this process, numbered as they come, for tests. Thread-safe. */
public final class InMemoryCacheTags implements CacheTags {
  private record State(long number, Optional<Long> bumpedAt) {}

  private final Clock clock;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, State> states = new ConcurrentHashMap<>();
  private final AtomicReference<byte @Nullable []> secret = new AtomicReference<>();

  /** No tag is known. */
  public InMemoryCacheTags(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<Generation> current(List<String> tags) {
    return tags.stream().map(this::current).toList();
  }

  @Override
  public void bump(Collection<String> tags) {
    tags.forEach(tag -> states.put(tag, next(Optional.of(clock.nanoTime()))));
  }

  @Override
  public byte[] secret(byte[] proposal) {
    secret.compareAndSet(null, proposal.clone());
    return Optional.ofNullable(secret.get()).orElseThrow().clone();
  }

  /** Forgets a tag, as a lack of room would make it. */
  public void forget(String tag) {
    states.remove(tag);
  }

  private Generation current(String tag) {
    State state = states.computeIfAbsent(tag, unknown -> next(Optional.empty()));
    return new Generation(
        Long.toString(state.number()),
        state.bumpedAt().map(at -> Duration.ofNanos(clock.nanoTime() - at)));
  }

  private State next(Optional<Long> bumpedAt) {
    return new State(numbers.incrementAndGet(), bumpedAt);
  }
}
