package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Broker;
import java.util.Optional;

/**
 * Makes brokers of one type, such as {@code redis}.
 *
 * <p>Named in {@code META-INF/services} and chosen by {@code broker.type}. The section of the
 * configuration with the type's name belongs to it.
 */
public interface BrokerProvider {
  /** Who can send requests over a broker. */
  enum Reach {
    /** Whoever can reach it. */
    OTHERS,
    /** The process that started this one. */
    PARENT,
    /** That process too, by the standard streams: nothing else may be printed to them. */
    STANDARD_STREAMS
  }

  /** Name in the configuration. */
  String type();

  /** Every key of the section with this type's name, for validation and {@code check}. */
  ConfigKeys keys();

  /**
   * Tells in a few words what these settings come to, such as the servers' addresses and the number
   * of connections; judges what the types of the keys do not say. Called for the chosen type only.
   *
   * @throws IllegalArgumentException if a value cannot be used; the message starts with the key's
   *     path and a colon, such as {@code redis.url:}, and shows no secret
   */
  String describe(ConfigSection section);

  /**
   * Judges the names of section {@code broker}: whether such a broker can express them, alone and
   * put together. Called for the chosen type only.
   *
   * @throws IllegalArgumentException if not; the message starts with the key's path, such as {@code
   *     broker.group:}
   */
  default void judge(String group, Optional<String> subgroup, String event) {}

  /** Who can send requests over a broker of these settings. */
  default Reach reach(ConfigSection section) {
    return Reach.OTHERS;
  }

  /** Whether its brokers know an order of events of several names: {@link Broker#feed}. */
  default boolean hasFeed() {
    return false;
  }

  /** Broker that serves requests; not connected before {@link Broker#start}. */
  Broker open(BrokerContext context);

  /** Client of such a broker, as a worker would be one; connects at once. */
  RequestClient connect(BrokerContext context);
}
