package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.application.port.out.SentMarkersContract;

/** The tests' own notes keep what those in Redis do. */
final class NotedMarkersTest implements SentMarkersContract {
  private final NotedMarkers markers = new NotedMarkers();

  @Override
  public SentMarkers markers() {
    return markers;
  }

  @Override
  public SentMarkers another() {
    return markers;
  }
}
