package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.CheckReadiness;
import dev.spectacles.proxy.application.port.in.LookAtProxy;
import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.LimitStore.Sharing;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.service.Moment.Event;
import dev.spectacles.proxy.domain.request.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all parts of an instance, twice a second at most however many ask. Thread-safe.
 *
 * <p>Closes none of the parts.
 */
public final class LookAtProxyService implements LookAtProxy, AutoCloseable {
  /** An older look is not shown any more. */
  private static final Duration FRESH = Duration.ofMillis(500);

  /** Stores are asked for no longer than that. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** Counting guilds takes a store more than other questions do. */
  private static final Duration GUILDS_REMEMBERED = Duration.ofSeconds(10);

  /** A shorter outage is waited for. */
  private static final Duration NOTICED = Duration.ofSeconds(1);

  /** As good as never told. */
  private static final Duration NEVER = Duration.ofDays(1);

  private static final int MOST_BUCKETS = 12;

  /**
   * What stays the same as long as the instance runs.
   *
   * @param instance its name
   * @param broker kind of broker
   * @param limitStore kind of store of the rate limits
   * @param shared whether that store can be shared
   * @param degrades whether it goes on alone while that store is away
   * @param answerStore kind of store of answers; empty if none are kept
   */
  public record Facts(
      String instance,
      String version,
      String broker,
      String limitStore,
      boolean shared,
      boolean degrades,
      Optional<String> answerStore) {}

  /**
   * Whom to ask.
   *
   * @param store of the rate limits, as shared with other instances
   * @param brokerAbsence why the broker brings nothing; must not block
   * @param backlog requests that nobody has taken yet, if that is known; must not block
   */
  public record Parts(
      CheckReadiness readiness,
      Supplier<Status.Held> held,
      EgressGuard address,
      PeekLimits limits,
      RateLimitStore store,
      Supplier<Optional<String>> brokerAbsence,
      Supplier<OptionalLong> backlog,
      Optional<GatewayLook> gateway) {}

  /** Whom to ask about what the gateway tells. */
  public record GatewayLook(
      String store, Duration maxLag, Supplier<Duration> lag, GatewayCache answers) {}

  private record Seen(Status status, long at) {}

  private record Guilds(OptionalLong count, long at) {}

  private final Facts facts;
  private final Parts parts;
  private final RollingProxyEvents figures;
  private final Clock clock;
  private final long start;
  private final CarefulCalls peeks;

  /** Held while the parts are asked. */
  private final ReentrantLock looking = new ReentrantLock();

  private @Nullable Seen seen;
  private @Nullable Guilds guilds;

  /** The uptime begins now. */
  public LookAtProxyService(Facts facts, Parts parts, RollingProxyEvents figures, Clock clock) {
    this.facts = facts;
    this.parts = parts;
    this.figures = figures;
    this.clock = clock;
    this.start = clock.nanoTime();
    this.peeks =
        new CarefulCalls(
            "the store of the rate limits, looked at for people,", PATIENCE, "look-", clock);
  }

  @Override
  public Status look() throws InterruptedException {
    looking.lockInterruptibly();
    try {
      Seen last = seen;
      if (last != null && clock.nanoTime() - last.at() < FRESH.toNanos()) {
        return last.status();
      }
      Status status = lookAnew();
      seen = new Seen(status, clock.nanoTime());
      return status;
    } finally {
      looking.unlock();
    }
  }

  private Status lookAnew() throws InterruptedException {
    Status.Traffic traffic = figures.traffic();
    Optional<List<PeekLimits.Waiting>> buckets =
        peeks.run(Deadline.none(), () -> parts.limits().peek(MOST_BUCKETS));
    var limits = new Status.Limits(figures.waiting(), buckets, figures.limited());
    Status.Held held = parts.held().get();
    Status.Address address = parts.address().look();
    var broker =
        new Status.BrokerLink(
            facts.broker(),
            parts.brokerAbsence().get(),
            parts.backlog().get(),
            figures.lately(Event.REDELIVERED),
            figures.lately(Event.REPLY_LOST));
    Status.LimitStore store = store();
    Optional<Status.Gateway> gateway =
        parts.gateway().isPresent()
            ? Optional.of(gateway(parts.gateway().get()))
            : Optional.empty();
    return new Status(
        new Status.Instance(
            facts.instance(),
            facts.version(),
            Duration.ofNanos(clock.nanoTime() - start),
            clock.wallTime()),
        Conditions.of(parts.readiness().check(), traffic, limits, held, address, gateway),
        traffic,
        limits,
        held,
        address,
        new Status.Cache(facts.answerStore(), figures.sources()),
        broker,
        store,
        gateway);
  }

  private Status.LimitStore store() {
    Optional<Duration> away =
        parts.store().unreachableFor().filter(time -> time.compareTo(NOTICED) >= 0);
    Sharing sharing;
    if (!facts.shared()) {
      sharing = Sharing.ALONE;
    } else if (away.isEmpty()) {
      sharing = Sharing.SHARED;
    } else {
      sharing = facts.degrades() ? Sharing.DEGRADED : Sharing.UNREACHABLE;
    }
    return new Status.LimitStore(facts.limitStore(), sharing, away, parts.store().instances());
  }

  private Status.Gateway gateway(GatewayLook from) throws InterruptedException {
    Duration lag = from.lag().get();
    return new Status.Gateway(
        from.store(),
        Optional.of(lag).filter(time -> time.compareTo(NEVER) < 0),
        lag.compareTo(from.maxLag()) > 0,
        guilds(from.answers()),
        figures.lastMinute(Event.GATEWAY_EVENT_KEPT),
        figures.lately(Event.GATEWAY_EVENT_DROPPED));
  }

  private OptionalLong guilds(GatewayCache answers) throws InterruptedException {
    long now = clock.nanoTime();
    Guilds last = guilds;
    if (last != null && now - last.at() < GUILDS_REMEMBERED.toNanos()) {
      return last.count();
    }
    OptionalLong count = answers.guilds();
    guilds = new Guilds(count, now);
    return count;
  }

  /** Ends its threads. */
  @Override
  public void close() {
    peeks.close();
  }
}
