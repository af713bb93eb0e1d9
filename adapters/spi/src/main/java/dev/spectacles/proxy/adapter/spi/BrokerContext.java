package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import java.time.Duration;
import java.util.Optional;

/**
 * What every broker gets to know.
 *
 * @param group consumer group or exchange
 * @param subgroup what tells this service's queues from others' of the same group, where a broker
 *     has such
 * @param event stream or routing key that carries the requests
 * @param instance name of this process, unique among all that share the broker
 * @param mostHeld how many requests this process holds at most
 * @param markers notes that all instances share, if the limits' store keeps such
 * @param replyPatience how long an answer is offered to a caller who is not there (yet)
 * @param section the settings of the broker's own section
 * @param whenEnded to be run when nothing can come from the broker any more, such as at the end of
 *     standard input: the process then stops in order; may be run repeatedly
 */
public record BrokerContext(
    String group,
    Optional<String> subgroup,
    String event,
    String instance,
    int mostHeld,
    Optional<SentMarkers> markers,
    Duration replyPatience,
    ConfigSection section,
    Clock clock,
    Runnable whenEnded) {
  /** For brokers that do not end by themselves, and for clients. */
  public BrokerContext(
      String group,
      Optional<String> subgroup,
      String event,
      String instance,
      int mostHeld,
      Optional<SentMarkers> markers,
      Duration replyPatience,
      ConfigSection section,
      Clock clock) {
    this(
        group,
        subgroup,
        event,
        instance,
        mostHeld,
        markers,
        replyPatience,
        section,
        clock,
        () -> {});
  }
}
