package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.InvalidRequests;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one instance knows of its egress address: what the server knew last, and on top of it what
 * the server was not told yet.
 *
 * <p>Thread-safe, without I/O. Times are microseconds of this process's monotonic clock.
 */
final class EgressCopy {
  /** Reports of a ban that are not shared yet; later ones are worth more. */
  private static final int MOST_REPORTS = 32;

  /** Report that the server was not told yet. */
  record Noted(EgressReport report, long at) {}

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as are those that follow. */
  private final Deque<Noted> reports = new ArrayDeque<>();

  private InvalidRequests unreported = InvalidRequests.NONE;
  private Optional<EgressCommands.Seen> seen = Optional.empty();
  private volatile Egress egress = Egress.CALM;

  Egress egress() {
    return egress;
  }

  /** Learns something here; whether it changed anything. */
  boolean learn(EgressReport report, long now) {
    lock.lock();
    try {
      Egress before = egress;
      if (report instanceof EgressReport.Invalid) {
        unreported = unreported.plus(InvalidRequests.minuteOf(now), 1, now);
      } else if (before.ban().after(report, now).equals(before.ban())) {
        return false;
      } else {
        if (reports.size() == MOST_REPORTS) {
          reports.removeFirst();
        }
        reports.addLast(new Noted(report, now));
      }
      become(before.after(report, now), now);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The oldest report that is not shared yet. */
  Optional<Noted> nextReport() {
    lock.lock();
    try {
      return Optional.ofNullable(reports.peekFirst());
    } finally {
      lock.unlock();
    }
  }

  /** The server knows of this report. */
  void shared(Noted noted) {
    lock.lock();
    try {
      reports.remove(noted);
    } finally {
      lock.unlock();
    }
  }

  InvalidRequests unreported() {
    lock.lock();
    try {
      return unreported;
    } finally {
      lock.unlock();
    }
  }

  /** What the server knew last. */
  Optional<EgressCommands.Seen> seen() {
    lock.lock();
    try {
      return seen;
    } finally {
      lock.unlock();
    }
  }

  /** The ban with what the server was not told yet. */
  EgressBan withReports(EgressBan shared) {
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

  /**
   * Takes what the server knows, which includes these invalid requests of ours; whether it changed
   * anything.
   */
  boolean synced(EgressCommands.Synced synced, InvalidRequests sent, long now) {
    lock.lock();
    try {
      Egress before = egress;
      // Only a lost answer counts some twice: too many are safer than too few.
      unreported = less(unreported, sent);
      InvalidRequests all = synced.invalid().plus(unreported, now);
      become(new Egress(before.ban(), all, 0, synced.instances()), now);
      seen(synced.seen());
      return !egress.equals(before);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the ban that the server knows, unless a newer one is known; whether it is new here. */
  boolean seen(EgressCommands.Seen newer) {
    lock.lock();
    try {
      if (seen.filter(known -> newer.serverMicros() < known.serverMicros()).isPresent()) {
        return false;
      }
      boolean before = egress.ban().on();
      seen = Optional.of(newer);
      egress = egress.withBan(withReports(newer.ban().shifted(newer.ahead())));
      return egress.ban().on() != before;
    } finally {
      lock.unlock();
    }
  }

  /** Makes this the probe, for this instance alone; whether one is due. */
  boolean probe(long id, long now) {
    lock.lock();
    try {
      Optional<EgressBan> probed = egress.ban().probed(id, now);
      probed.ifPresent(ban -> egress = egress.withBan(ban));
      return probed.isPresent();
    } finally {
      lock.unlock();
    }
  }

  private void become(Egress now, long micros) {
    egress = new Egress(now.ban(), now.invalid(), unreported.total(micros), now.instances());
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
}
