package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.client.RedisException;

/**
 * Way out of all answers: one thread that sends everything due in one pipeline, then the next.
 *
 * <p>The more there is, the larger the pipelines: measured at three times the throughput of a
 * pipeline per answer. The two steps of one answer are never in the same one: it is published, seen
 * to have a receiver, and acked in a later round. Thread-safe.
 */
final class ReplyPump implements AutoCloseable {
  private static final int MOST_AT_ONCE = 500;
  private static final long MOST_BYTES_AT_ONCE = 4L << 20;
  private static final Duration FLUSH_BOUND = Duration.ofMillis(700);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

  /** Place in a queue: its time stays, whatever becomes of the plan meanwhile. */
  private record Due(long at, PendingReply reply) {
    // Readings of the monotonic clock may overflow, so only their differences are compared.
    static final Comparator<Due> FIRST = (a, b) -> Long.signum(a.at - b.at);
  }

  private record Offer(PendingReply reply, RFuture<Long> receivers) {}

  private final Session session;
  private final HeldEntries held;
  private final LostReplies lostReplies;
  private final Outage outage;
  private final Clock clock;
  private final Duration patience;
  private final boolean cluster;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Due> offers = new PriorityQueue<>(Due.FIRST);
  private final PriorityQueue<Due> settles = new PriorityQueue<>(Due.FIRST);
  private final Thread thread;
  private boolean busy;
  private boolean closed;

  ReplyPump(
      Session session,
      HeldEntries held,
      LostReplies lostReplies,
      Outage outage,
      Clock clock,
      Duration patience,
      boolean cluster) {
    this.session = session;
    this.held = held;
    this.lostReplies = lostReplies;
    this.outage = outage;
    this.clock = clock;
    this.patience = patience;
    this.cluster = cluster;
    this.thread = Thread.ofVirtual().name("redis-replies").start(this::run);
  }

  /** Offers the answer and settles the delivery; returns whether somebody received it. */
  boolean reply(RedisDelivery delivery, ProxyResponse response) throws InterruptedException {
    long expiresIn = delivery.expiry().map(this::nanosUntil).orElse(Long.MAX_VALUE);
    var plan =
        new OfferPlan(
            delivery.takenAt(), delivery::isLost, cluster, clock.nanoTime(), patience, expiresIn);
    var reply = new PendingReply(delivery, ResponseCodec.encode(response), plan);
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new BrokerException("Broker is closed; " + delivery.id() + " is left to others");
      }
      offers.add(new Due(plan.dueAt(), reply));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      return reply.outcome().get();
    } catch (ExecutionException e) {
      // A new one: the stack of whoever waited is the one that helps.
      Throwable cause = e.getCause();
      throw new BrokerException(String.valueOf(cause == null ? e : cause.getMessage()));
    }
  }

  /** Holds a delivery no longer that is not going to be answered here. */
  void letGo(RedisDelivery delivery) {
    held.remove(delivery);
  }

  /** Sends what is due soon, then gives up the rest for other instances to take over. */
  @Override
  public void close() {
    boolean interrupted = false;
    lock.lock();
    try {
      long left = FLUSH_BOUND.toNanos();
      while (left > 0 && !interrupted && (busy || !offers.isEmpty() || !settles.isEmpty())) {
        try {
          left = changed.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      if (!interrupted) {
        thread.join(CLOSE_BOUND);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var dueOffers = new ArrayList<PendingReply>();
    var dueSettles = new ArrayList<PendingReply>();
    try {
      while (awaitDue(dueOffers, dueSettles)) {
        round(dueOffers, dueSettles);
        dueOffers.clear();
        dueSettles.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      abandon(dueOffers, dueSettles);
    }
  }

  private boolean awaitDue(List<PendingReply> dueOffers, List<PendingReply> dueSettles)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      busy = false;
      changed.signalAll();
      while (!closed) {
        long now = clock.nanoTime();
        long bytes = 0;
        while (isDue(offers, now)
            && dueOffers.size() < MOST_AT_ONCE
            && (dueOffers.isEmpty() || bytes < MOST_BYTES_AT_ONCE)) {
          PendingReply reply = offers.remove().reply();
          bytes += reply.payload().length;
          dueOffers.add(reply);
        }
        while (isDue(settles, now) && dueSettles.size() < MOST_AT_ONCE) {
          dueSettles.add(settles.remove().reply());
        }
        if (!dueOffers.isEmpty() || !dueSettles.isEmpty()) {
          busy = true;
          return true;
        }
        long next = Math.min(untilDue(offers, now), untilDue(settles, now));
        if (next == Long.MAX_VALUE) {
          changed.await();
        } else {
          changed.awaitNanos(next);
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void round(List<PendingReply> dueOffers, List<PendingReply> dueSettles)
      throws InterruptedException {
    long attempt = outage.attempt();
    RBatch batch = session.commands().batch();
    var sent = new ArrayList<Offer>(dueOffers.size());
    for (PendingReply reply : dueOffers) {
      sent.add(
          new Offer(
              reply,
              session.commands().publish(batch, reply.delivery().entryId(), reply.payload())));
    }
    RFuture<Long> settled = null;
    if (!dueSettles.isEmpty()) {
      settled =
          session
              .commands()
              .settle(batch, dueSettles.stream().map(r -> r.delivery().entryId()).toList());
    }
    try {
      StreamCommands.await(batch.executeAsync());
      outage.over(attempt);
    } catch (RedisException e) {
      // Some may have been executed all the same: each has a result of its own.
      outage.noticed(e);
    }
    long now = clock.nanoTime();
    for (Offer offer : sent) {
      if (succeeded(offer.receivers())) {
        offered(offer.reply(), offer.receivers().resultNow(), now);
      } else {
        notOffered(offer.reply(), now);
      }
    }
    boolean acked = settled != null && succeeded(settled);
    for (PendingReply reply : dueSettles) {
      if (acked) {
        finish(reply);
      } else if (reply.plan().settleFailed(now)) {
        add(settles, reply.plan().dueAt(), reply);
      } else {
        fail(reply, "Redis did not take the ack of ");
      }
    }
  }

  private void offered(PendingReply reply, long receivers, long now) {
    switch (reply.plan().offered(receivers, now)) {
      case OFFER -> add(offers, reply.plan().dueAt(), reply);
      case SETTLE -> add(settles, now, reply);
      case SETTLE_AND_OFFER -> {
        add(settles, now, reply);
        add(offers, reply.plan().dueAt(), reply);
      }
      case GIVE_UP -> {
        if (reply.delivery().isLost()) {
          held.remove(reply.delivery());
          reply.outcome().completeExceptionally(reply.delivery().takenOver());
        } else {
          lostReplies.lost(reply.delivery().id());
          add(settles, now, reply);
        }
      }
      case DONE -> {}
    }
  }

  private void notOffered(PendingReply reply, long now) {
    switch (reply.plan().offerFailed(now)) {
      case OFFER -> add(offers, reply.plan().dueAt(), reply);
      case DROP -> {}
      case GIVE_UP -> fail(reply, "Redis did not take the answer to ");
    }
  }

  private void add(PriorityQueue<Due> queue, long at, PendingReply reply) {
    lock.lock();
    try {
      queue.add(new Due(at, reply));
    } finally {
      lock.unlock();
    }
  }

  private void finish(PendingReply reply) {
    held.remove(reply.delivery());
    reply.outcome().complete(reply.plan().received());
  }

  private void fail(PendingReply reply, String what) {
    held.remove(reply.delivery());
    reply
        .outcome()
        .completeExceptionally(
            new BrokerException(what + reply.delivery().id() + "; it is left to others"));
  }

  private void abandon(List<PendingReply> dueOffers, List<PendingReply> dueSettles) {
    var left = new ArrayList<PendingReply>(dueOffers);
    left.addAll(dueSettles);
    lock.lock();
    try {
      closed = true;
      busy = false;
      offers.forEach(due -> left.add(due.reply()));
      settles.forEach(due -> left.add(due.reply()));
      offers.clear();
      settles.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(reply -> fail(reply, "Broker was closed before the answer was settled: "));
  }

  private long nanosUntil(Instant moment) {
    Duration left = Duration.between(clock.wallTime(), moment);
    return left.toDays() > 365 ? TimeUnit.DAYS.toNanos(365) : Math.max(0, left.toNanos());
  }

  private static boolean succeeded(RFuture<Long> future) {
    return future.isDone() && !future.isCancelled() && future.state() == Future.State.SUCCESS;
  }

  private static boolean isDue(PriorityQueue<Due> queue, long now) {
    Due first = queue.peek();
    return first != null && first.at() - now <= 0;
  }

  private static long untilDue(PriorityQueue<Due> queue, long now) {
    Due first = queue.peek();
    return first == null ? Long.MAX_VALUE : Math.max(1, first.at() - now);
  }
}
