package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventFeed.Batch;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import java.time.Duration;
import java.util.List;

/** Takes events from a feed and reads what is in them. One thread at a time. */
final class EventReader {
  private static final int MOST_AT_ONCE = 500;

  /** Event as it came, read if it can be. */
  sealed interface Read {
    Fed fed();
  }

  /** Event that can be understood. */
  record Understood(Fed fed, GatewayEvent event) implements Read {}

  /** Event that can not, and why. */
  record Unreadable(Fed fed, String why) implements Read {}

  /** What came at once. */
  record ReadBatch(Batch batch, List<Read> events) {
    boolean isEmpty() {
      return batch.events().isEmpty();
    }
  }

  private final EventFeed feed;
  private final GatewayFeed.Source source;

  EventReader(EventFeed feed, GatewayFeed.Source source) {
    this.feed = feed;
    this.source = source;
  }

  /** Waits so long for events. */
  ReadBatch receive(Duration wait) throws InterruptedException {
    return read(feed.receive(MOST_AT_ONCE, wait), source);
  }

  /** Reads what came. */
  static ReadBatch read(Batch batch, GatewayFeed.Source source) {
    return new ReadBatch(batch, batch.events().stream().map(fed -> read(fed, source)).toList());
  }

  private static Read read(Fed fed, GatewayFeed.Source source) {
    try {
      String name = fed.name().substring(source.prefix().length());
      var data = source.decoder().decode(fed.payload().bytes());
      return new Understood(fed, new GatewayEvent(name, data, fed.millis()));
    } catch (InvalidEventException e) {
      return new Unreadable(fed, String.valueOf(e.getMessage()));
    }
  }
}
