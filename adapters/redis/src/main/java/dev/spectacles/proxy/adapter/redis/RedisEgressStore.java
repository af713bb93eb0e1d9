package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.InvalidRequests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.MessageListener;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Egress address whose state lies in Redis, with a copy of it here.
 *
 * <p>One thread shares what was learnt and reads what others learnt: when something happens, and
 * every second. While the server is away the copy goes on by the same rules, for this instance
 * alone. The lock is never held while the server or the listener is called.
 */
final class RedisEgressStore implements EgressStore {
  private static final Logger LOG = LoggerFactory.getLogger(RedisEgressStore.class);
  private static final Duration READ_EVERY = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(250);

  /** Between two exchanges, so that a flood of invalid requests is shared in batches. */
  private static final Duration BATCH = Duration.ofMillis(5);

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(4);

  /** Reports of a ban that are not shared yet; later ones are worth more. */
  private static final int MOST_REPORTS = 32;

  private record Noted(EgressReport report, long at) {}

  private final EgressCommands commands;
  private final String egressName;
  private final Clock clock;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();

  /** Guarded by the lock, as are those that follow. */
  private final Deque<Noted> reports = new ArrayDeque<>();

  private InvalidRequests unreported = InvalidRequests.NONE;
  private EgressCommands.Seen seen = new EgressCommands.Seen(Long.MIN_VALUE, 0, EgressBan.NONE);
  private boolean exchangeWanted = true;
  private boolean closing;
  private boolean away;

  private volatile Egress egress = Egress.CALM;
  private volatile Listener listener = () -> {};

  /**
   * Store of this address; connects in the background.
   *
   * @param client somebody else's to close, after this
   * @param egress name of the address, the same for all instances behind it
   * @param instance name of this instance
   */
  RedisEgressStore(RedissonClient client, String egress, String instance, Clock clock) {
    this.commands = new EgressCommands(client, egress, instance, clock);
    this.egressName = egress;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("egress-share").start(this::share);
  }

  @Override
  public Egress egress() {
    return egress;
  }

  @Override
  public Optional<Long> probe() throws InterruptedException {
    long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    if (egress.ban().probed(id, micros()).isEmpty()) {
      return Optional.empty();
    }
    if (!isAway()) {
      try {
        // What is not shared yet comes first; to share it again later changes nothing.
        EgressCommands.Seen now =
            commands.change(
                known(),
                ban -> {
                  EgressBan learnt = withReports(ban);
                  return learnt.probed(id, micros()).orElse(learnt);
                });
        keep(now);
        return now.ban().probe().filter(probe -> probe == id);
      } catch (RedisException e) {
        noticed(e);
      }
    }
    return probeAlone(id);
  }

  @Override
  public void report(EgressReport report) {
    Egress before;
    lock.lock();
    try {
      long now = micros();
      before = egress;
      if (report instanceof EgressReport.Invalid) {
        unreported = unreported.plus(InvalidRequests.minuteOf(now), 1, now);
      } else {
        if (before.ban().after(report, now).equals(before.ban())) {
          return;
        }
        if (reports.size() == MOST_REPORTS) {
          reports.removeFirst();
        }
        reports.addLast(new Noted(report, now));
      }
      egress = withUnreported(before.after(report, now), now);
      exchangeWanted = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
    listener.changed();
  }

  @Override
  public void listen(Listener newListener) {
    listener = newListener;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(CLOSE_BOUND)) {
        LOG.warn("egress={} not everything learnt of the address could be shared", egressName);
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void share() {
    List<Integer> subscriptions = List.of();
    try {
      while (true) {
        boolean last = awaitWanted();
        try {
          if (subscriptions.isEmpty() && !last) {
            subscriptions = subscribe();
          }
          exchange();
          over();
          if (last) {
            commands.leave();
            unsubscribe(subscriptions);
          }
        } catch (RedisException e) {
          noticed(e);
        }
        if (last) {
          return;
        }
        clock.sleep(BATCH);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until something is to share, or the time to read has come; whether it is the last. */
  private boolean awaitWanted() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = away ? RETRY.toNanos() : READ_EVERY.toNanos();
      while (!closing && left > 0 && (away || !exchangeWanted)) {
        left = wanted.awaitNanos(left);
      }
      exchangeWanted = false;
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void exchange() throws InterruptedException {
    for (Optional<Noted> next = nextReport(); next.isPresent(); next = nextReport()) {
      shareReport(next.get());
    }
    InvalidRequests sent;
    lock.lock();
    try {
      sent = unreported;
    } finally {
      lock.unlock();
    }
    EgressCommands.Synced synced = commands.sync(sent);
    Egress before = egress;
    lock.lock();
    try {
      // Only a lost answer counts some twice: too many are safer than too few.
      unreported = less(unreported, sent);
      long now = micros();
      InvalidRequests all = synced.invalid().plus(unreported, now);
      egress = withUnreported(new Egress(egress.ban(), all, 0, synced.instances()), now);
    } finally {
      lock.unlock();
    }
    keep(synced.seen());
    if (!egress.equals(before)) {
      listener.changed();
    }
  }

  private void shareReport(Noted noted) throws InterruptedException {
    EgressCommands.Seen now =
        commands.change(known(), ban -> ban.after(noted.report(), noted.at()));
    lock.lock();
    try {
      reports.remove(noted);
    } finally {
      lock.unlock();
    }
    keep(now);
  }

  private Optional<Noted> nextReport() {
    lock.lock();
    try {
      return Optional.ofNullable(reports.peekFirst());
    } finally {
      lock.unlock();
    }
  }

  /** The ban as the server knows it, unless something newer is known, and what it does not know. */
  private void keep(EgressCommands.Seen newer) {
    boolean changed;
    lock.lock();
    try {
      if (newer.serverMicros() < seen.serverMicros()) {
        return;
      }
      seen = newer;
      EgressBan ban = withReports(newer.ban().shifted(newer.ahead()));
      changed = ban.on() != egress.ban().on();
      egress = egress.withBan(ban);
    } finally {
      lock.unlock();
    }
    if (changed) {
      listener.changed();
    }
  }

  private Optional<Long> probeAlone(long id) {
    lock.lock();
    try {
      Optional<EgressBan> probed = egress.ban().probed(id, micros());
      probed.ifPresent(ban -> egress = egress.withBan(ban));
      return probed.map(ban -> id);
    } finally {
      lock.unlock();
    }
  }

  private List<Integer> subscribe() throws InterruptedException {
    var topic = commands.topic();
    MessageListener<String> onMessage = (channel, what) -> want();
    RFuture<Integer> subscribed = topic.addListenerAsync(String.class, onMessage);
    int messages = StreamCommands.await(subscribed);
    // Heard again after a reconnect: what was published meanwhile is lost.
    RFuture<Integer> followed =
        topic.addListenerAsync(
            new StatusListener() {
              @Override
              public void onSubscribe(String channel) {
                want();
              }

              @Override
              public void onUnsubscribe(String channel) {}
            });
    return List.of(messages, StreamCommands.await(followed));
  }

  private void unsubscribe(List<Integer> subscriptions) throws InterruptedException {
    if (!subscriptions.isEmpty()) {
      StreamCommands.await(
          commands.topic().removeListenerAsync(subscriptions.toArray(Integer[]::new)));
    }
  }

  private void want() {
    lock.lock();
    try {
      exchangeWanted = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  private void noticed(RedisException cause) {
    boolean first;
    lock.lock();
    try {
      first = !away && !closing;
      away = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      LOG.warn(
          "egress={} not shared: {}; bans and invalid requests are those of this instance alone",
          egressName,
          Failures.reason(cause));
    }
  }

  private void over() {
    boolean first;
    lock.lock();
    try {
      first = away;
      away = false;
    } finally {
      lock.unlock();
    }
    if (first) {
      LOG.info("egress={} shared again", egressName);
    }
  }

  private boolean isAway() {
    lock.lock();
    try {
      return away;
    } finally {
      lock.unlock();
    }
  }

  /** What the server knew last; asks it if it was never asked. */
  private EgressCommands.Seen known() throws InterruptedException {
    lock.lock();
    try {
      if (seen.serverMicros() != Long.MIN_VALUE) {
        return seen;
      }
    } finally {
      lock.unlock();
    }
    return commands.sync(InvalidRequests.NONE).seen();
  }

  private EgressBan withReports(EgressBan shared) {
    lock.lock();
    try {
      EgressBan ban = shared;
      for (Noted noted : reports) {
        ban = ban.after(noted.report(), noted.at());
      }
      return ban;
    } finally {
      lock.unlock();
    }
  }

  private Egress withUnreported(Egress now, long micros) {
    return new Egress(now.ban(), now.invalid(), unreported.total(micros), now.instances());
  }

  private static InvalidRequests less(InvalidRequests all, InvalidRequests sent) {
    var left = new HashMap<>(all.perMinute());
    sent.perMinute()
        .forEach(
            (minute, count) ->
                left.computeIfPresent(
                    minute, (any, before) -> before > count ? before - count : null));
    return new InvalidRequests(left);
  }

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
