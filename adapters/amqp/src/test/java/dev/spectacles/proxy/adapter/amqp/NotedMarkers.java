package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Notes in memory, shared by the brokers of a test. */
final class NotedMarkers implements SentMarkers {
  private static final String ANSWERED = "";

  /** Owners, by request. */
  final Map<String, String> notes = new ConcurrentHashMap<>();

  volatile boolean away;

  @Override
  public boolean mark(String request, String owner) {
    requireThere();
    String known = notes.putIfAbsent(request, owner);
    return known == null || known.equals(owner);
  }

  @Override
  public State state(String request) {
    requireThere();
    String known = notes.get(request);
    if (known == null) {
      return State.NONE;
    }
    return known.equals(ANSWERED) ? State.ANSWERED : State.SENT;
  }

  @Override
  public void answered(String request) {
    if (!away) {
      notes.put(request, ANSWERED);
    }
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
