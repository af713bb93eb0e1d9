package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.service.TokenQueue;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.UsualDelay;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One instance of a simulated fleet: does what {@code TokenPump} and {@code RateLimiter} do, with a
 * way to the store and back that takes time. Calls arrive in the order in which they were made.
 */
final class FleetInstance {
  private static final long LATE = Duration.ofMillis(8).toNanos();
  private static final long STALE = Duration.ofMillis(250).toNanos();

  private record Out(FleetRequest request, long stampedAt, long validUntil) {}

  final String name;
  final Set<FleetRequest> inLine = new LinkedHashSet<>();
  private final FleetSimulation fleet;
  private final FleetEvents events;
  private final LocalRateLimitStore store;
  private final long leaseTime;
  private final TokenQueue queue = new TokenQueue(100_000, true);
  private final Map<Lease, Out> leases = new HashMap<>();

  /** How much later than granted requests under way were sent. */
  private final Map<Lease, Duration> late = new HashMap<>();

  private final Map<Route, Long> lastSent = new HashMap<>();
  private UsualDelay delay = UsualDelay.UNKNOWN;
  private final List<Lease> toSend = new ArrayList<>();
  private long claimedAt;
  private long stampedAt;
  private boolean claiming;
  private int restamping;
  private long nextPump = Long.MAX_VALUE;
  private long lastToStore;
  private long lastBack;
  private long stoppedUntil = Long.MIN_VALUE;
  private boolean dead;

  FleetInstance(String name, FleetSimulation fleet, LocalRateLimitStore store) {
    this.name = name;
    this.fleet = fleet;
    this.events = fleet.events;
    this.store = store;
    this.leaseTime = store.leaseTime().toNanos();
    store.listen(
        (token, bucket, wait) -> {
          fleet.wakes++;
          events.at(
              events.now() + fleet.storeDelay(),
              whenRunning(() -> queue.available(bucket, wait, events.now())));
        });
  }

  void add(FleetRequest request) {
    inLine.add(request);
    whenRunning(() -> queue.add(request, events.now())).run();
  }

  /**
   * Stands still for so long, unless it does already, or is between its last look at a lease and
   * its sending: nobody can know of that.
   */
  void stop(Duration length) {
    if (restamping == 0 && stoppedUntil <= events.now()) {
      stoppedUntil = events.now() + length.toNanos();
    }
  }

  void die() {
    dead = true;
  }

  /** Runs in this process: later while it stands still, never once it is dead. */
  private Runnable whenRunning(Runnable action) {
    return () -> {
      if (dead) {
        return;
      }
      if (events.now() < stoppedUntil) {
        events.at(stoppedUntil, whenRunning(action));
        return;
      }
      action.run();
      pump();
    };
  }

  private void toStore(Runnable call) {
    lastToStore = Math.max(lastToStore, events.now() + fleet.storeDelay());
    events.at(lastToStore, call);
  }

  private void fromStore(Runnable answer) {
    lastBack = Math.max(lastBack, events.now() + fleet.storeDelay());
    events.at(lastBack, whenRunning(answer));
  }

  private void pump() {
    long now = events.now();
    if (claiming) {
      return;
    }
    List<Claim> due = queue.due(now);
    if (!due.isEmpty()) {
      claiming = true;
      claimedAt = now;
      toStore(
          () -> {
            List<Grant> grants = store.claim(FleetSimulation.TOKEN, due);
            fleet.decided(name, due, grants);
            fromStore(() -> apply(grants));
          });
      return;
    }
    queue
        .nextDue(now)
        .ifPresent(
            next -> {
              assertThat(next).as("%s: progress of %s", fleet, name).isGreaterThan(now);
              if (next < nextPump) {
                nextPump = next;
                events.at(
                    next,
                    () -> {
                      nextPump = Long.MAX_VALUE;
                      whenRunning(() -> {}).run();
                    });
              }
            });
  }

  private void apply(List<Grant> grants) {
    long now = events.now();
    claiming = false;
    // As measured before: this claim itself may be the one that was held up.
    stampedAt = claimedAt + delay.get().toNanos() / 2;
    delay = delay.observe(now - claimedAt, now);
    queue.apply(grants, now).forEach(lease -> giveBack(lease, new Outcome.NotSent()));
    // Before the next claim, which would otherwise overtake those that are stamped anew.
    toSend.forEach(this::sendIfFresh);
    toSend.clear();
  }

  /** It is the request's turn. */
  void granted(FleetRequest request, Lease lease) {
    inLine.remove(request);
    leases.put(lease, new Out(request, stampedAt, claimedAt + leaseTime));
    renewLater(lease);
    toSend.add(lease);
  }

  private void renewLater(Lease lease) {
    events.at(
        events.now() + leaseTime / 3,
        whenRunning(
            () -> {
              Out out = leases.get(lease);
              if (out == null) {
                return;
              }
              long at = events.now();
              if (at < out.validUntil()) {
                leases.put(lease, new Out(out.request(), out.stampedAt(), at + leaseTime));
              }
              toStore(() -> store.renew(List.of(lease)));
              renewLater(lease);
            }));
  }

  private void sendIfFresh(Lease lease) {
    Out out = leases.get(lease);
    long age = events.now() - out.stampedAt();
    if (age <= STALE) {
      send(out.request(), lease);
      if (age > LATE) {
        late.put(lease, Duration.ofNanos(age));
      }
    } else if (events.now() >= out.validUntil()) {
      lost(lease);
    } else {
      restamping++;
      toStore(
          () -> {
            boolean held = store.restamp(lease);
            fromStore(
                () -> {
                  restamping--;
                  if (held) {
                    send(out.request(), lease);
                  } else {
                    lost(lease);
                  }
                });
          });
    }
  }

  private void lost(Lease lease) {
    fleet.lostLeases++;
    FleetRequest request = leases.get(lease).request();
    giveBack(lease, new Outcome.NotSent());
    queue.through(request.where, request.placeInLine(), events.now());
    FleetRequest again = request.onceMore();
    inLine.add(again);
    queue.add(again, events.now());
  }

  private void send(FleetRequest request, Lease lease) {
    if (!request.again) {
      Long before = lastSent.put(request.where, request.number);
      assertThat(request.number)
          .as("%s: place of a request of %s at %s", fleet, request.where, name)
          .isGreaterThan(before == null ? 0 : before);
    }
    fleet.send(
        request,
        outcome ->
            whenRunning(
                    () -> {
                      giveBack(lease, outcome);
                      queue.through(request.where, request.placeInLine(), events.now());
                      fleet.through(request);
                    })
                .run());
  }

  private void giveBack(Lease lease, Outcome outcome) {
    leases.remove(lease);
    Duration lateness = Optional.ofNullable(late.remove(lease)).orElse(Duration.ZERO);
    long known = events.now();
    toStore(() -> store.release(lease, outcome, lateness, Duration.ofNanos(events.now() - known)));
  }
}
