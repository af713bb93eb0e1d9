package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers of answers: again and again while their queue is not there, such as that of a caller who
 * is still connecting again. Thread-safe.
 */
final class ReplyOffers {
  /** How long an answer, or a request of unclear state, waits for a broker that is away. */
  static final Duration OUTAGE_PATIENCE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(ReplyOffers.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final Publisher publisher;
  private final Clock clock;
  private final Duration patience;
  private final Duration outagePatience;

  /**
   * Offers over this publisher.
   *
   * @param patience how long an answer is offered to a queue that is not there
   */
  ReplyOffers(Publisher publisher, Clock clock, Duration patience) {
    this.publisher = publisher;
    this.clock = clock;
    this.patience = patience;
    this.outagePatience = patience.compareTo(OUTAGE_PATIENCE) > 0 ? patience : OUTAGE_PATIENCE;
  }

  /**
   * Puts the answer into its queue; says whether that was there in time.
   *
   * @throws BrokerException if the broker did not take the answer
   */
  boolean offer(String id, String replyTo, Optional<String> correlationId, byte[] answer)
      throws InterruptedException {
    // Persistent: a durable reply queue shall have it after a restart, too.
    var properties =
        new BasicProperties.Builder()
            .correlationId(correlationId.orElse(null))
            .deliveryMode(Outgoing.PERSISTENT);
    long start = clock.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      switch (publisher.publish(
          new Outgoing("", replyTo, true, properties, Body.of(answer)), outagePatience)) {
        case TAKEN -> {
          return true;
        }
        case REFUSED -> {
          LOG.warn(
              "answer to {} of {} bytes is not accepted by the broker; given up",
              id,
              answer.length);
          return false;
        }
        case RETURNED -> {
          Duration left = patience.minusNanos(clock.nanoTime() - start);
          if (!left.isPositive()) {
            LOG.debug("nobody is there to receive the answer to {}", id);
            return false;
          }
          clock.sleep(pause.compareTo(left) < 0 ? pause : left);
          Duration next = pause.multipliedBy(2);
          pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
        }
      }
    }
  }
}
