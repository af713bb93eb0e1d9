package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Notes in memory, shared by the brokers of a test. */
final class NotedMarkers implements SentMarkers {
  final Set<String> notes = ConcurrentHashMap.newKeySet();
  volatile boolean away;

  @Override
  public void mark(String request) {
    requireThere();
    notes.add(request);
  }

  @Override
  public boolean isMarked(String request) {
    requireThere();
    return notes.contains(request);
  }

  @Override
  public void forget(String request) {
    notes.remove(request);
  }

  private void requireThere() {
    if (away) {
      throw new StoreException("test: away");
    }
  }
}
