package dev.spectacles.proxy.application.port.in;

import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves callers who wait for their answer on a connection of their own, so that nothing is left to
 * settle with a broker. Thread-safe.
 */
public interface ServeCaller {
  /** Request of such a caller, and the way back to it. */
  interface Call {
    /**
     * What is asked for.
     *
     * @throws InvalidRequestException if it breaks a rule; the caller is told by {@link #reply}
     */
    ProxyRequest request() throws InvalidRequestException;

    /** Hears what becomes of the request. */
    SentMarker marker();

    /** Hands the answer over; whether the caller has it. */
    boolean reply(ProxyResponse response) throws InterruptedException;
  }

  /** Part of the room that all requests share, from brokers and callers alike. */
  interface Room extends AutoCloseable {
    /** Waits for room for so many bytes more; whether there was any in time. */
    boolean grow(long bytes, Duration within) throws InterruptedException;

    /** Leaves it to others. */
    @Override
    void close();
  }

  /** Room for one request of this size, if there is any now. */
  Optional<Room> tryHold(long bytes);

  /** Waits for room for one request of this size; empty if there was none in time. */
  Optional<Room> hold(long bytes, Duration within) throws InterruptedException;

  /**
   * Waits for the request's turn, sends it, and replies whatever comes of it.
   *
   * @throws InterruptedException if the thread was interrupted: there is no reply then
   */
  void serve(Call call) throws InterruptedException;
}
