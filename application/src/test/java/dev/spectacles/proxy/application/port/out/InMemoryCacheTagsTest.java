package dev.spectacles.proxy.application.port.out;

import java.time.Duration;

class InMemoryCacheTagsTest implements CacheTagsContract {
  private final ManualClock clock = new ManualClock();
  private final InMemoryCacheTags tags = new InMemoryCacheTags(clock);

  @Override
  public CacheTags tags() {
    return tags;
  }

  @Override
  public CacheTags another() {
    return tags;
  }

  @Override
  public void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  public void forget(String tag) {
    tags.forget(tag);
  }
}
