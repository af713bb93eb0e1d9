package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EventFeed.Batch;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Applies batches of events to a store as an instance does that leads. Not thread-safe. */
final class Ingestion {
  /** How long what is personal is kept. */
  static final Duration TTL = Duration.ofHours(1);

  private static final Duration LEASE = Duration.ofMinutes(10);

  private final EntityStore store;
  private final long leader;
  private final GatewayFeed.Source source;
  private EventApplication application;

  /** Leads in this store from now on, for this application. */
  Ingestion(EntityStore store, String app) throws InterruptedException {
    this.store = store;
    this.leader = store.lead(LEASE).orElseThrow();
    this.source =
        new GatewayFeed.Source(
            Optional.of(app),
            "",
            EnumSet.allOf(EntityType.class),
            true,
            TTL,
            new TinyJsonReader()::read);
    this.application = begun();
  }

  static Fed event(String name, long millis, String json) {
    return new Fed(name + " at " + millis, name, Body.of(json), millis, Optional.empty());
  }

  void apply(List<Fed> events) throws InterruptedException {
    application.apply(leader, EventReader.read(new Batch(events, false, true), source));
  }

  void apply(Fed... events) throws InterruptedException {
    apply(List.of(events));
  }

  /** The instance dies, and another takes over. */
  void crash() throws InterruptedException {
    application = begun();
  }

  private EventApplication begun() throws InterruptedException {
    var clock = new ManualClock();
    var begun =
        new EventApplication(
            store,
            new TinyJsonReader(),
            source,
            new FeedProgress(clock),
            tags -> {},
            ProxyEvents.NOOP,
            clock);
    begun.begin(leader);
    return begun;
  }
}
