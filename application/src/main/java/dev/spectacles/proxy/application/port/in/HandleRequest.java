package dev.spectacles.proxy.application.port.in;

import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;

/**
 * Sends a request to Discord when its limits permit, and answers in any case. Thread-safe.
 *
 * <p>Requests that wait for the same limit go out in the order in which they were put in line.
 */
@FunctionalInterface
public interface HandleRequest {
  /** Notes durably that a request is about to be sent. */
  @FunctionalInterface
  interface SentMarker {
    /** Marker for callers to whom nothing is delivered twice. */
    SentMarker NONE = () -> {};

    /** Called once, before a request that is not idempotent is sent for the first time. */
    void mark() throws InterruptedException;

    /** Hears that the request is sent now, or again; called on the thread that waits for it. */
    default void sending() {}

    /**
     * Hears that the request, sent before, waits for another turn; called on the same thread.
     *
     * @throws InterruptedException if nobody waits for it any more
     */
    default void waitingAgain() throws InterruptedException {}

    /** Whether a request that failed is to be sent again after this pause, where that is safe. */
    default boolean again(Duration pause) {
      return true;
    }
  }

  /** Request in line. */
  @FunctionalInterface
  interface Turn {
    /**
     * Waits for the turn and handles the request; blocks for as long as the deadline allows.
     *
     * @throws InterruptedException if the thread was interrupted: there is no answer then
     */
    ProxyResponse await(SentMarker marker) throws InterruptedException;

    /** Leaves the line, if {@link #await} is not going to be called. */
    default void cancel() {}

    /** Leaves the line, as an instance that went away may have sent the request already. */
    default void sentBefore() throws InterruptedException {
      cancel();
    }
  }

  /** Handles one request: puts it in line and waits for its turn. */
  ProxyResponse handle(ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException;

  /** Puts a request in line and returns at once; {@link Turn#await} or a cancel has to follow. */
  default Turn enqueue(ProxyRequest request, Route route, Deadline deadline) {
    return marker -> handle(request, route, deadline, marker);
  }
}
