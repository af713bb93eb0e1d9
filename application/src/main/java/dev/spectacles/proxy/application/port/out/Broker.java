package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Source of requests and way back for their answers; beside them, events in both directions.
 *
 * <p>A request stays with the broker until its {@link Delivery} is settled, so the death of this
 * process loses none: the broker hands it to another instance. While a delivery is held, the broker
 * keeps others from taking it over, however long it waits.
 *
 * <p>Thread-safe. Lost connections are the adapter's to restore: {@link #receive} then waits and
 * goes on. Implementations pass {@code BrokerContract}.
 */
public interface Broker extends AutoCloseable {
  /** Connects, in the background if it has to; returns without waiting for the server. */
  void start();

  /**
   * Waits for requests and takes at most so many.
   *
   * @return what arrived, empty when nothing did in that time or {@link #drain} was called
   */
  List<Delivery> receive(int atMost, Duration wait) throws InterruptedException;

  /**
   * Publishes an event to whoever reads it, now or later.
   *
   * <p>At least once: where the broker's word of it was lost, it may be published twice. Needs a
   * broker that was started, and still works after {@link #drain}.
   *
   * @param event its name, not empty
   * @throws BrokerException if the broker did not take it within its bounds
   */
  void publish(String event, byte[] payload) throws InterruptedException;

  /**
   * The same for an event that is of no use for longer than that, such as one with personal data: a
   * broker that keeps events until somebody removes them removes older ones of this name on the
   * way.
   */
  default void publish(String event, byte[] payload, Duration useful) throws InterruptedException {
    publish(event, payload);
  }

  /**
   * Events of these names, read beside the requests by a subscriber of this name: each subscriber
   * gets every event once, whichever instance takes it.
   *
   * <p>A subscriber that is new to the broker gets what is published from then on; one that was
   * there before gets what was published meanwhile. To be called before {@link #start}.
   *
   * @param subscriber its name, not empty
   * @param names at least one
   */
  EventStream events(String subscriber, List<String> names);

  /**
   * Events of these names in one order. To be called before {@link #start}.
   *
   * @param subscriber its name, not empty
   * @param names at least one; the first ones first where the broker cannot tell the order
   * @throws UnsupportedOperationException if this broker knows no order of events of several names
   */
  default EventFeed feed(String subscriber, List<String> names, EventFeed.Share share) {
    throw new UnsupportedOperationException("this broker knows no order of events");
  }

  /**
   * Why no request can come or be answered now, for people and without credentials, such as that
   * the server is away or the broker is not started; empty while they can.
   *
   * <p>Does not wait: says what is known. A broker that cannot tell says nothing.
   */
  default Optional<String> absence() {
    return Optional.empty();
  }

  /**
   * How many requests nobody deals with yet: at the server, whichever instance will take them, and
   * fetched ahead by this instance. Counts no further than a thousand where counting is costly.
   *
   * <p>Asks the server, and waits for it a few seconds at most.
   *
   * @return empty if that cannot be told, or not now
   * @throws BrokerException if the server does not answer
   */
  default OptionalLong backlog() throws InterruptedException {
    return OptionalLong.empty();
  }

  /** Stops taking requests and events; what is held can still be answered and acked. */
  void drain();

  /**
   * Gives up what is still held, for others to take over, and disconnects; closes its event
   * streams.
   *
   * <p>Calls {@link #drain} first if nobody has.
   */
  @Override
  void close();
}
