package dev.spectacles.proxy.adapter.redis;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When an answer is offered next, and when that ends.
 *
 * <p>Pure: time is passed in. Not thread-safe.
 */
final class OfferPlan {
  /** What follows an offer. */
  enum Next {
    /** Offer it again at {@link #dueAt}. */
    OFFER,
    /** Somebody has it: settle. */
    SETTLE,
    /** Settle, and offer it again at {@link #dueAt} all the same. */
    SETTLE_AND_OFFER,
    /** Nobody wants it: settle. */
    GIVE_UP,
    /** Settled before and not to be offered any more. */
    DONE
  }

  /** What follows an offer that the server did not take. */
  enum Failed {
    /** Offer it again at {@link #dueAt}. */
    OFFER,
    /** It was a repetition that nobody depends on. */
    DROP,
    /** The server was away for too long. */
    GIVE_UP
  }

  /** How long Redis may be away until an answer is given up. */
  private static final Duration OUTAGE_PATIENCE = Duration.ofSeconds(30);

  /*
   * The caller subscribes after it published. spectacles.js attaches its listener only in the
   * microtask after the confirmation, so an answer that comes in the same chunk of bytes is dropped
   * although PUBLISH counted a receiver. Offers to a caller that may just have subscribed are
   * therefore repeated; one who has the answer unsubscribes, which ends it.
   */
  private static final Duration RECENT = Duration.ofMillis(500);
  private static final long[] FOLLOW_UPS_MILLIS = {10, 90, 400};
  // A cluster counts the receivers of one node only, so there offers are made blindly.
  private static final long[] BLIND_MILLIS = {50, 200};
  private static final long LONGEST_PAUSE_MILLIS = 250;

  private final long takenAt;
  private final BooleanSupplier lost;
  private final boolean cluster;
  private final long startedAt;
  private final long patience;
  private final long expiresIn;
  private long dueAt;
  private int missed;
  private int failures;
  private int followUps;
  private long firstOfferAt;
  private boolean offered;
  private boolean received;
  private boolean settling;

  /**
   * Plan that begins at once.
   *
   * @param takenAt when the request was taken
   * @param lost whether another instance has the request meanwhile
   * @param expiresIn nanoseconds until the delivery's expiry; very large for none
   */
  OfferPlan(
      long takenAt,
      BooleanSupplier lost,
      boolean cluster,
      long now,
      Duration patience,
      long expiresIn) {
    this.takenAt = takenAt;
    this.lost = lost;
    this.cluster = cluster;
    this.startedAt = now;
    this.patience = patience.toNanos();
    this.expiresIn = expiresIn;
    this.dueAt = now;
  }

  /** Notes how many received the offer. */
  Next offered(long receivers, long now) {
    failures = 0;
    if (!offered) {
      offered = true;
      firstOfferAt = now;
    }
    if (settling) {
      return receivers > 0 && followUp(now) ? Next.OFFER : Next.DONE;
    }
    if (receivers > 0) {
      received = true;
      settling = true;
      boolean subscribedLately = missed > 0 || now - takenAt < RECENT.toNanos();
      return subscribedLately && followUp(now) ? Next.SETTLE_AND_OFFER : Next.SETTLE;
    }
    missed++;
    if (lost.getAsBoolean()) {
      settling = true;
      return Next.GIVE_UP;
    }
    if (cluster) {
      return missedInCluster(now);
    }
    long giveUpAt = Math.min(patience, Math.max(0, expiresIn - (firstOfferAt - startedAt)));
    if (now - firstOfferAt >= giveUpAt) {
      settling = true;
      return Next.GIVE_UP;
    }
    long pause = Math.min(LONGEST_PAUSE_MILLIS, 1L << Math.min(missed - 1, 10));
    dueAt = now + Math.min(millis(pause), giveUpAt - (now - firstOfferAt));
    return Next.OFFER;
  }

  /** Notes that the server did not take the offer. */
  Failed offerFailed(long now) {
    if (settling) {
      // Somebody has the answer already: what becomes of the delivery is up to the settling.
      return Failed.DROP;
    }
    return tryAgain(now, Math.max(patience, OUTAGE_PATIENCE.toNanos()))
        ? Failed.OFFER
        : Failed.GIVE_UP;
  }

  /** Notes that the server did not take the ack; whether to try again at {@link #dueAt}. */
  boolean settleFailed(long now) {
    return tryAgain(now, Math.max(patience, OUTAGE_PATIENCE.toNanos()));
  }

  long dueAt() {
    return dueAt;
  }

  boolean received() {
    return received;
  }

  private Next missedInCluster(long now) {
    if (missed <= BLIND_MILLIS.length) {
      dueAt = now + millis(BLIND_MILLIS[missed - 1]);
      return Next.OFFER;
    }
    // Most likely somebody on another node got it; nobody can tell.
    received = true;
    settling = true;
    return Next.SETTLE;
  }

  private boolean followUp(long now) {
    if (followUps >= FOLLOW_UPS_MILLIS.length) {
      return false;
    }
    dueAt = now + millis(FOLLOW_UPS_MILLIS[followUps++]);
    return true;
  }

  private boolean tryAgain(long now, long limit) {
    if (now - startedAt >= limit) {
      return false;
    }
    dueAt = now + millis(Math.min(1000, 50L << Math.min(failures++, 5)));
    return true;
  }

  private static long millis(long value) {
    return Duration.ofMillis(value).toNanos();
  }
}
