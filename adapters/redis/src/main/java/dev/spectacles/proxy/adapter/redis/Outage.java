package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the server is away, told to the log once when it goes and once when it is back. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String server;
  private final Clock clock;
  private final boolean silent;
  private final AtomicBoolean away = new AtomicBoolean();
  private final AtomicBoolean refused = new AtomicBoolean();
  private final AtomicBoolean everSeen = new AtomicBoolean();
  private final AtomicLong outages = new AtomicLong();
  private final AtomicLong endedAt = new AtomicLong();
  private final AtomicLong beganAt;

  Outage(String server, Clock clock) {
    this(server, clock, false);
  }

  private Outage(String server, Clock clock, boolean silent) {
    this.server = server;
    this.clock = clock;
    this.silent = silent;
    this.beganAt = new AtomicLong(clock.nanoTime());
  }

  /** Outage that is not told to the log, as somebody else says what follows from it. */
  static Outage silent(String server, Clock clock) {
    return new Outage(server, clock, true);
  }

  /** Where the server is. */
  String server() {
    return server;
  }

  /** To be taken before something is tried, for {@link #over(long)}. */
  long attempt() {
    return outages.get();
  }

  /** Something failed that works while the server is there. */
  void noticed(Throwable cause) {
    if (Failures.isScriptMissing(cause)) {
      // It answers: having started again it has no scripts, which the client loads for the next
      // try.
      return;
    }
    boolean refusal = Failures.isRefusal(cause);
    if (away.compareAndSet(false, true)) {
      outages.incrementAndGet();
      beganAt.set(clock.nanoTime());
      refused.set(refusal);
      tell(refusal, cause);
    } else if (refusal && refused.compareAndSet(false, true)) {
      // Away at first, and with another password now that it is back.
      tell(true, cause);
    }
  }

  private void tell(boolean refusal, Throwable cause) {
    if (silent) {
      return;
    }
    if (refusal) {
      LOG.warn(
          "Redis at {} refuses our credentials: {}; look at the user and password of its URL, or at"
              + " that user's rights; trying again",
          server,
          Failures.reason(cause));
    } else {
      LOG.warn("Redis at {} is not reachable: {}; trying again", server, Failures.reason(cause));
    }
  }

  /** Something worked; what began before the server went away says nothing of it. */
  void over(long attempt) {
    if (attempt == outages.get()) {
      over();
    }
  }

  /** Something worked that was tried just now. */
  void over() {
    if (away.get() && away.compareAndSet(true, false)) {
      endedAt.set(clock.nanoTime());
      if (everSeen.getAndSet(true) && !silent) {
        LOG.info("Redis at {} is reachable again", server);
      }
    } else {
      everSeen.set(true);
    }
  }

  /** Whether it is away now. */
  boolean isOn() {
    return away.get();
  }

  /** How long it has been away, if it is. */
  Optional<Duration> lasting() {
    return away.get() ? Optional.of(unseenFor()) : Optional.empty();
  }

  /** How long ago it went away last, or nobody had looked for it yet. */
  Duration unseenFor() {
    return Duration.ofNanos(clock.nanoTime() - beganAt.get());
  }

  /** How long it was away the last time. */
  Duration lasted() {
    return Duration.ofNanos(Math.max(0, endedAt.get() - beganAt.get()));
  }

  /** How long it has been back, if it ever was away. */
  Optional<Duration> since() {
    long ended = endedAt.get();
    return ended == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(clock.nanoTime() - ended));
  }
}
