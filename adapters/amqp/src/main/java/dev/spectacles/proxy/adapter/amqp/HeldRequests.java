package dev.spectacles.proxy.adapter.amqp;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What this process holds, and what becomes of a delivery accordingly. Not thread-safe.
 *
 * <p>When a channel is lost, the broker delivers again what was not acked on it. What this process
 * is still at work on is then not to be started a second time, and what it has answered already is
 * only to be acked.
 */
final class HeldRequests {
  /** What a delivery turned out to be. */
  sealed interface Arrival {
    /** Request to work on. */
    record New(Holding holding) implements Arrival {}

    /** Request that is worked on already, and can be settled from now on. */
    record Adopted() implements Arrival {}

    /** Request that was answered, but whose ack did not reach the broker. */
    record Answered() implements Arrival {}

    /** Request that was left to others a moment ago, and is so again. */
    record Passed() implements Arrival {}
  }

  /** How often a request is left to others, when it comes back. */
  static final int PASSES = 6;

  /** How long after an outage requests go back to those who were at work on them. */
  static final Duration OWNERS_TIME = Duration.ofSeconds(5);

  private static final int MOST_PASSED = 100_000;

  private final Set<Holding> all = new LinkedHashSet<>();
  private final Map<Identity, Holding> byIdentity = new HashMap<>();
  private final AnsweredRequests answered = new AnsweredRequests();
  private final SequencedMap<Identity, Integer> passes = new LinkedHashMap<>();
  private boolean wasLost;
  private long restoredAt;

  Arrival arrived(Message message, Receipt receipt, long now) {
    Optional<Identity> identity = message.identity();
    Optional<Holding> held = identity.map(byIdentity::get);
    // One that is held with a receipt and comes again was published twice.
    if (held.isPresent() && held.get().receipt().isEmpty()) {
      held.get().adopted(receipt);
      return new Arrival.Adopted();
    }
    if (held.isEmpty()
        && identity.isPresent()
        && answered.cameAgain(identity.get(), receipt, now)) {
      return new Arrival.Answered();
    }
    if (identity.isPresent() && passesOn(identity.get(), message, now)) {
      return new Arrival.Passed();
    }
    var holding = new Holding(message, receipt);
    all.add(holding);
    identity.ifPresent(name -> byIdentity.putIfAbsent(name, holding));
    return new Arrival.New(holding);
  }

  /** A channel is gone, with everything not settled on it. */
  void lost(Receipts channel, long now) {
    wasLost = true;
    all.stream().filter(holding -> holding.isOf(channel)).forEach(Holding::orphaned);
    answered.lost(channel, now);
  }

  /** Another channel is there: what was lost comes back from now on. */
  void restored(long now) {
    restoredAt = now;
    answered.restored(now);
  }

  boolean holds(Holding holding) {
    return all.contains(holding);
  }

  /** It was answered; the receipt is to be acked, if there is one. */
  Optional<Receipt> answered(Holding holding, long now) {
    forget(holding);
    holding.message().identity().ifPresent(name -> answered.add(name, holding, now));
    return holding.receipt();
  }

  /** It is left to others; the receipt is to be returned, if there is one. */
  Optional<Receipt> abandoned(Holding holding) {
    holding.message().identity().ifPresent(identity -> pass(identity, PASSES));
    return dropped(holding);
  }

  /** Nobody works on it; the receipt is to be returned, if there is one. */
  Optional<Receipt> dropped(Holding holding) {
    forget(holding);
    return holding.receipt();
  }

  /** Requests with a note whose acks must have arrived by now: nobody gets them again. */
  List<Identity> through(long now) {
    return answered.through(now);
  }

  /** Requests with a note that were acked on a channel that was closed in order. */
  List<Identity> closed() {
    return answered.closed();
  }

  /**
   * Whether others shall have it: because it was left to them, and the broker may well give it to
   * the same consumer again; or because all have just lost their connections, and one of them may
   * still be at work on it.
   */
  private boolean passesOn(Identity identity, Message message, long now) {
    boolean ownerMayBeBack =
        message.redelivered() && wasLost && now - restoredAt < OWNERS_TIME.toNanos();
    Integer left = passes.remove(identity);
    if (left == null && ownerMayBeBack) {
      left = PASSES;
    }
    if (left == null || left == 0) {
      return false;
    }
    pass(identity, left - 1);
    return true;
  }

  private void pass(Identity identity, int left) {
    passes.put(identity, left);
    if (passes.size() > MOST_PASSED) {
      passes.pollFirstEntry();
    }
  }

  private void forget(Holding holding) {
    all.remove(holding);
    holding.message().identity().ifPresent(name -> byIdentity.remove(name, holding));
  }
}
