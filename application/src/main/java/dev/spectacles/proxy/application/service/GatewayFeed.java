package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EventDecoder;
import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.EventRules;
import dev.spectacles.proxy.domain.entity.JsonReader;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a bot's gateway publishes. Thread-safe.
 *
 * <p>The store is closed by whoever opened it, the broker too.
 */
public final class GatewayFeed implements Purges {
  /** Makes stored answers invalid that bear one of these tags. */
  @FunctionalInterface
  public interface Invalidation {
    /** Makes them invalid, now or as soon as that can be told. */
    void bump(Collection<String> tags) throws InterruptedException;
  }

  /**
   * What events come with.
   *
   * @param app the bot's application id, if it is known without being told
   * @param prefix what stands before the names of events
   * @param kept types of what is kept
   * @param messages whether events of messages are read, of which there are many
   * @param ttl how long what is personal is kept
   */
  public record Source(
      Optional<String> app,
      String prefix,
      Set<EntityType> kept,
      boolean messages,
      Duration ttl,
      EventDecoder decoder) {
    public Source {
      kept = Set.copyOf(kept);
    }

    String control() {
      return prefix + ControlEvents.NAME;
    }

    /** What is read, in the order in which events of one time are applied. */
    private List<String> names() {
      return Stream.concat(new EventRules(kept).names().stream(), Stream.of(ControlEvents.NAME))
          .filter(name -> messages || !name.startsWith("MESSAGE_"))
          .map(prefix::concat)
          .toList();
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(GatewayFeed.class);

  /** Reads apart from everybody else who wants the gateway's events. */
  private static final String SUBSCRIBER = "cache";

  private final Broker broker;
  private final Source source;
  private final Clock clock;
  private final FeedProgress progress;
  private final GatewayIngest ingest;
  private final ExecutorService publishing =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lesson-", 0).factory());

  /** Reads nothing yet; the broker must not be started. */
  public GatewayFeed(
      Broker broker,
      EntityStore store,
      JsonReader reader,
      Source source,
      Invalidation answers,
      ProxyEvents events,
      Clock clock) {
    this.broker = broker;
    this.source = source;
    this.clock = clock;
    this.progress = new FeedProgress(clock);
    Share share =
        switch (store.reach()) {
          case ALL_INSTANCES -> Share.ONE_INSTANCE;
          case THIS_INSTANCE -> Share.EVERY_INSTANCE;
        };
    this.ingest =
        new GatewayIngest(
            broker.feed(SUBSCRIBER, source.names(), share),
            source,
            store,
            new EventApplication(store, reader, source, progress, answers, events, clock),
            clock);
  }

  /** Starts to read, once the broker was started. */
  public void start() {
    ingest.start();
  }

  /** Reads no more, and gives what is at hand this long to be written. */
  public void stop(Duration within) throws InterruptedException {
    publishing.shutdownNow();
    ingest.stop(within);
  }

  /** How far behind the events what is kept is. */
  public Duration lag() {
    return progress.lag();
  }

  /**
   * Sends requests, and learns from the answers.
   *
   * @param answers knows whose requests those of the bot are
   */
  public DiscordApi behindLimiter(DiscordApi discord, GatewayCache answers) {
    return new LearningDiscordApi(discord, broker, source.control(), answers, publishing, clock);
  }

  /** Has whoever leads remove it; that is not waited for. */
  @Override
  public boolean purge(Purge what) throws InterruptedException {
    byte[] event =
        switch (what) {
          case Purge.OfGuild(long guild) -> ControlEvents.purgeGuild(guild);
          case Purge.OfUser(long user) -> ControlEvents.purgeUser(user);
        };
    try {
      broker.publish(source.control(), event, ControlEvents.USEFUL);
      return true;
    } catch (BrokerException e) {
      LOG.warn("not purged: {}", e.getMessage());
      return false;
    }
  }
}
