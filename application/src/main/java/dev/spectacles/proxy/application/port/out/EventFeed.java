package dev.spectacles.proxy.application.port.out;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Events of several names in one order, for one who builds a state from them.
 *
 * <p>In the order of publishing, as far as the broker can tell; of two that it cannot tell apart,
 * the one whose name was given first when the feed was asked for.
 *
 * <p>Closed by whoever asked for it, before its {@link Broker}. One thread at a time, but for
 * {@link #close}, which ends a wait that is on. Implementations pass {@code EventFeedContract}.
 */
public interface EventFeed extends AutoCloseable {
  /** Who gets an event. */
  enum Share {
    /**
     * One instance at a time, which says by {@link #ack} what nobody needs any more; a subscriber
     * that is new to the broker begins with the oldest event there is. Whoever reads has made sure
     * that no other instance does.
     */
    ONE_INSTANCE,
    /** Each instance, from the oldest event there is; nothing outlives the feed. */
    EVERY_INSTANCE
  }

  /**
   * An event.
   *
   * @param id for logs, such as a stream entry's id
   * @param name what it was published as
   * @param payload byte for byte
   * @param millis when it was published, as far as the broker tells, else when it was received;
   *     milliseconds since 1970
   * @param app application it is of, where its publisher says so
   */
  record Fed(String id, String name, Body payload, long millis, Optional<String> app) {
    public Fed {
      requireNonNull(id, "id");
      requireNonNull(name, "name");
      requireNonNull(payload, "payload");
    }
  }

  /**
   * What was received at once.
   *
   * @param afterGap whether events from before it may have been lost; told once, and again if the
   *     feed is released before anything else is received
   * @param upToDate whether the broker, asked after the call began, had nothing after these; never
   *     while it is away, or where there is only a gap to tell
   */
  record Batch(List<Fed> events, boolean afterGap, boolean upToDate) {
    public Batch {
      events = List.copyOf(events);
    }
  }

  /**
   * Waits for events and takes at most so many. What was taken and not acked comes again first when
   * this is called for the first time, or for the first time after {@link #release}.
   *
   * <p>Fewer than that do not mean that there are no more.
   *
   * @return what arrived; no events when nothing did in that time, or the feed or its broker drains
   *     or is closed; none either where there is only a gap to tell
   */
  Batch receive(int atMost, Duration wait) throws InterruptedException;

  /**
   * Tells the broker that these are dealt with, and all that were received before them.
   *
   * @throws BrokerException if the broker did not hear it, or they were released or lost meanwhile:
   *     they may come again
   */
  void ack(Batch batch) throws InterruptedException;

  /**
   * Lets another instance read, or this one again from what is not acked: after it failed to deal
   * with what it received, or does not lead any more.
   */
  void release();

  @Override
  void close();
}
