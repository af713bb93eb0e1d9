package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.InvalidRequests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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

  private final EgressCommands commands;
  private final String egressName;
  private final Clock clock;
  private final EgressCopy copy = new EgressCopy();
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();

  /** Guarded by the lock, as are those that follow. */
  private boolean exchangeWanted = true;

  private boolean closing;
  private boolean away;

  /** Whether the log knows that it is away. */
  private boolean told;

  private volatile Listener listener = () -> {};

  /**
   * Store of this address; connects in the background.
   *
   * @param client somebody else's to close, after this; throws {@link RedisException} while there
   *     is none
   * @param egress name of the address, the same for all instances behind it
   * @param instance name of this instance
   */
  RedisEgressStore(Supplier<RedissonClient> client, String egress, String instance, Clock clock) {
    this.commands = new EgressCommands(client, egress, instance, clock);
    this.egressName = egress;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("egress-share").start(this::share);
  }

  @Override
  public Egress egress() {
    return copy.egress();
  }

  @Override
  public Optional<Long> probe() throws InterruptedException {
    long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    if (copy.egress().ban().probed(id, micros()).isEmpty()) {
      return Optional.empty();
    }
    if (!isAway()) {
      try {
        // What is not shared yet comes first; to share it again later changes nothing.
        EgressCommands.Seen now =
            commands.change(
                known(),
                ban -> {
                  EgressBan learnt = copy.withReports(ban);
                  return learnt.probed(id, micros()).orElse(learnt);
                });
        keep(now);
        return now.ban().probe().filter(probe -> probe == id);
      } catch (RedisException e) {
        noticed(e);
      }
    }
    return copy.probe(id, micros()) ? Optional.of(id) : Optional.empty();
  }

  @Override
  public void report(EgressReport report) {
    if (copy.learn(report, micros())) {
      want();
      listener.changed();
    }
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
    for (var next = copy.nextReport(); next.isPresent(); next = copy.nextReport()) {
      EgressCopy.Noted noted = next.get();
      EgressCommands.Seen now =
          commands.change(known(), ban -> ban.after(noted.report(), noted.at()));
      copy.shared(noted);
      keep(now);
    }
    InvalidRequests sent = copy.unreported();
    EgressCommands.Synced synced = commands.sync(sent);
    if (copy.synced(synced, sent, micros())) {
      listener.changed();
    }
  }

  private void keep(EgressCommands.Seen newer) {
    if (copy.seen(newer)) {
      listener.changed();
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
      // At the start somebody else says that the server is not there.
      first = !away && !closing && !(cause instanceof NotReachedException);
      away = true;
      told |= first;
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
      first = told;
      away = false;
      told = false;
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
    Optional<EgressCommands.Seen> seen = copy.seen();
    return seen.isPresent() ? seen.get() : commands.sync(InvalidRequests.NONE).seen();
  }

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
