package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Request taken from a {@link Broker}, held until it is settled by {@link #reply}.
 *
 * <p>Not thread-safe: one thread handles a delivery.
 */
public interface Delivery {
  /** Name for logs, such as a stream entry's id; unique within the broker. */
  String id();

  /** The request, decoded; refused with the status that the caller gets. */
  ProxyRequest request() throws InvalidRequestException;

  /** Size of the request on the wire, in bytes. */
  long size();

  /**
   * When work on it should stop, as the publisher put it beside the payload ({@code timeout_at},
   * {@code expiration}), by this process's wall clock.
   */
  Optional<Instant> expiry();

  /** How long ago it was published, by the broker's clock; zero where the broker cannot tell. */
  Duration age();

  /** Whether an instance held it before. */
  boolean redelivered();

  /**
   * Whether an earlier holder called {@link #markSent}, so that Discord may have executed it
   * already.
   *
   * @throws BrokerException if the broker cannot tell now
   */
  boolean mayHaveBeenSent() throws InterruptedException;

  /**
   * Notes durably that the request is about to be sent to Discord; returns when the note is
   * written.
   *
   * @throws BrokerException if it could not be written: the request must not be sent then
   */
  void markSent() throws InterruptedException;

  /**
   * Offers the answer to the caller until somebody receives it or a bound has passed, then settles
   * the delivery.
   *
   * @return whether somebody received it
   * @throws BrokerException if the delivery could not be settled: another instance may get it
   */
  boolean reply(ProxyResponse response) throws InterruptedException;

  /**
   * Leaves the request to others, unanswered: it is held no longer, and another instance, or this
   * one later, gets it again.
   */
  void abandon();
}
