package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.InMemoryCacheTags;
import dev.spectacles.proxy.domain.cache.Generation;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Tags to which things happen when the test says so. */
final class ScriptedTags implements CacheTags {
  /** What was made invalid, in order. */
  final BlockingQueue<Set<String>> bumped = new LinkedBlockingQueue<>();

  /** How often the secret was asked for. */
  final AtomicInteger secrets = new AtomicInteger();

  volatile ScriptedResponseStore.Step beforeRead = () -> {};
  volatile ScriptedResponseStore.Step beforeBump = () -> {};
  private final InMemoryCacheTags tags;

  ScriptedTags(Clock clock) {
    tags = new InMemoryCacheTags(clock);
  }

  @Override
  public List<Generation> current(List<String> names) throws InterruptedException {
    beforeRead.happen();
    return tags.current(names);
  }

  @Override
  public void bump(Collection<String> names) throws InterruptedException {
    beforeBump.happen();
    tags.bump(names);
    bumped.add(Set.copyOf(names));
  }

  /** Forgets a tag, as a lack of room would make it. */
  void forget(String tag) {
    tags.forget(tag);
  }

  @Override
  public byte[] secret(byte[] proposal) throws InterruptedException {
    secrets.incrementAndGet();
    beforeRead.happen();
    return tags.secret(proposal);
  }
}
