package dev.spectacles.proxy.adapter.local;

import static dev.spectacles.proxy.domain.request.ResponseStatus.REQUEST_FAILURE;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All queues that brokers and clients of this process share. Thread-safe.
 *
 * <p>Bounded: beyond so many messages or bytes that are not settled, nothing more is taken.
 */
final class LocalExchange {
  private static final int MOST_MESSAGES = 100_000;
  private static final long MOST_BYTES = 256L << 20;

  private static final ProxyResponse OUTCOME_UNKNOWN =
      new ProxyResponse.Failure(
          REQUEST_FAILURE, "outcome unknown: the proxy stopped before Discord answered");
  private static final ProxyResponse NOT_ANSWERED =
      new ProxyResponse.Failure(
          REQUEST_FAILURE, "not answered: the proxy stopped; the request may be sent again");

  /** What one subscriber reads. */
  private record Subscription(Set<String> names, LocalQueue queue) {}

  private final int mostMessages;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, LocalQueue> requests = new HashMap<>();
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private long published;
  private int messages;
  private long bytes;
  private int brokers;

  LocalExchange() {
    this(MOST_MESSAGES, MOST_BYTES);
  }

  LocalExchange(int mostMessages, long mostBytes) {
    this.mostMessages = mostMessages;
    this.mostBytes = mostBytes;
  }

  /** Queue of the requests that are published as this event. */
  LocalQueue requests(String event) {
    lock.lock();
    try {
      return requests.computeIfAbsent(event, any -> new LocalQueue());
    } finally {
      lock.unlock();
    }
  }

  /** Queue of a subscriber, which gets events of these names from now on. */
  LocalQueue subscribe(String subscriber, List<String> names) {
    lock.lock();
    try {
      var subscription =
          subscriptions.computeIfAbsent(
              subscriber, any -> new Subscription(new HashSet<>(), new LocalQueue()));
      subscription.names().addAll(names);
      return subscription.queue();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a subscriber and what it has not read. */
  void unsubscribe(String subscriber) {
    lock.lock();
    try {
      Subscription gone = subscriptions.remove(subscriber);
      if (gone != null) {
        gone.queue().remove(any -> true).forEach(this::settled);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Publishes a request.
   *
   * @param now by the monotonic clock
   * @return whoever is going to wait for the answer
   * @throws BrokerException if it is full
   */
  LocalCaller request(String event, byte[] payload, Optional<Instant> expiry, long now) {
    lock.lock();
    try {
      LocalMessage message = message(event, payload, expiry, now);
      requireRoom(message, 1);
      requests(event).put(message);
      return message.caller();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Publishes an event to every subscriber of its name, or to none if there is no room for all.
   *
   * @param now by the monotonic clock
   * @throws BrokerException if it is full
   */
  void publish(String event, byte[] payload, long now) {
    lock.lock();
    try {
      var readers = new ArrayList<LocalQueue>();
      for (Subscription subscription : subscriptions.values()) {
        if (subscription.names().contains(event)) {
          readers.add(subscription.queue());
        }
      }
      if (!readers.isEmpty()) {
        requireRoom(message(event, payload, Optional.empty(), now), readers.size());
        readers.forEach(queue -> queue.put(message(event, payload, Optional.empty(), now)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nobody needs the message any more. */
  void settled(LocalMessage message) {
    lock.lock();
    try {
      messages--;
      bytes -= message.size();
    } finally {
      lock.unlock();
    }
  }

  /** A broker serves from now on. */
  void begins() {
    lock.lock();
    try {
      brokers++;
    } finally {
      lock.unlock();
    }
  }

  /** A broker does not serve any more, and has given back what it held. */
  void ends() {
    lock.lock();
    try {
      brokers--;
    } finally {
      lock.unlock();
    }
    refuseUnserved();
  }

  /** Where no broker serves, tells callers so: nobody else ever could answer them. */
  void refuseUnserved() {
    var unserved = new ArrayList<LocalMessage>();
    lock.lock();
    try {
      if (brokers > 0) {
        return;
      }
      for (LocalQueue queue : requests.values()) {
        unserved.addAll(queue.remove(request -> request.caller().isThere()));
      }
      unserved.forEach(this::settled);
    } finally {
      lock.unlock();
    }
    for (LocalMessage request : unserved) {
      request.caller().offer(request.isSent() ? OUTCOME_UNKNOWN : NOT_ANSWERED);
    }
  }

  /** Whether any broker serves. */
  boolean isServed() {
    lock.lock();
    try {
      return brokers > 0;
    } finally {
      lock.unlock();
    }
  }

  private LocalMessage message(String name, byte[] payload, Optional<Instant> expiry, long now) {
    return new LocalMessage(Long.toString(++published), name, payload, expiry, now);
  }

  private void requireRoom(LocalMessage message, int copies) {
    if (messages + copies > mostMessages || bytes + copies * message.size() > mostBytes) {
      throw new BrokerException(
          "%s: not published, as %d messages of %d bytes are not dealt with (expected: <= %d, %d)"
              .formatted(message.name(), messages, bytes, mostMessages, mostBytes));
    }
    messages += copies;
    bytes += copies * message.size();
  }
}
