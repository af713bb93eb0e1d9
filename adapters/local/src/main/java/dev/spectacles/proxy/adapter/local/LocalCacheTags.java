package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.adapter.spi.UniqueText;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.route.Digest;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tags of a single instance, in memory; those that nobody asked for longest are forgotten first.
 * Thread-safe; never waits.
 */
public final class LocalCacheTags implements CacheTags {
  /** Some 25 MB. */
  private static final int MOST = 100_000;

  /** A longer one, as of a path that somebody made up, is known by its hash. */
  private static final int LONGEST = 64;

  private record State(long number, Optional<Long> bumpedAt) {}

  private final Clock clock;
  private final int most;

  /** Tells generations from those of an earlier run, whose answers another store may still have. */
  private final String run = UniqueText.next() + "-";

  private final ReentrantLock lock = new ReentrantLock();

  /** The one that was asked for longest ago first. */
  private final SequencedMap<String, State> states = new LinkedHashMap<>(16, 0.75f, true);

  private long numbers;
  private byte @Nullable [] secret;

  /** No tag is known. */
  public LocalCacheTags(Clock clock) {
    this(clock, MOST);
  }

  LocalCacheTags(Clock clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  @Override
  public List<Generation> current(List<String> tags) {
    lock.lock();
    try {
      long now = clock.nanoTime();
      return tags.stream().map(tag -> generation(tag, now)).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void bump(Collection<String> tags) {
    lock.lock();
    try {
      Optional<Long> now = Optional.of(clock.nanoTime());
      tags.forEach(tag -> keep(tag, now));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public byte[] secret(byte[] proposal) {
    lock.lock();
    try {
      if (secret == null) {
        secret = proposal.clone();
      }
      return secret.clone();
    } finally {
      lock.unlock();
    }
  }

  private Generation generation(String tag, long now) {
    State known = states.get(name(tag));
    State state = known == null ? keep(tag, Optional.empty()) : known;
    return new Generation(
        run + state.number(), state.bumpedAt().map(at -> Duration.ofNanos(now - at)));
  }

  private State keep(String tag, Optional<Long> bumpedAt) {
    var state = new State(++numbers, bumpedAt);
    states.put(name(tag), state);
    if (states.size() > most) {
      states.pollFirstEntry();
    }
    return state;
  }

  private static String name(String tag) {
    return tag.length() > LONGEST ? Digest.of(tag) : tag;
  }
}
