package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.CheckReadiness.Readiness;
import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.Condition;
import dev.spectacles.proxy.application.port.in.Status.Condition.Word;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word for how an instance is, and the sentences that explain it. */
final class Conditions {
  /** Who waits longer is no victim of chance. */
  private static final Duration LONG_WAIT = Duration.ofSeconds(2);

  private static final int FULL_PERCENT = 80;

  private Conditions() {}

  /**
   * The word for it.
   *
   * @param readiness whether requests are served, and what is amiss with the parts
   */
  static Condition of(
      Readiness readiness,
      Status.Traffic traffic,
      Status.Limits limits,
      Status.Held held,
      Status.Address address,
      Optional<Status.Gateway> gateway) {
    List<String> down = down(readiness.reasons(), address);
    List<String> amiss = amiss(readiness.notes(), address, gateway);
    List<String> full = full(limits, held);
    var reasons = new ArrayList<>(down);
    reasons.addAll(amiss);
    reasons.addAll(full);
    boolean idle = traffic.rate() == 0 && traffic.answers().values().stream().allMatch(n -> n == 0);
    Word word =
        !down.isEmpty()
            ? Word.DOWN
            : !amiss.isEmpty()
                ? Word.DEGRADED
                : !full.isEmpty()
                    ? Word.SATURATED
                    : idle && held.requests() == 0 ? Word.IDLE : Word.SERVING;
    return new Condition(word, reasons);
  }

  private static List<String> down(List<String> notReady, Status.Address address) {
    var reasons = new ArrayList<>(notReady);
    if (address.banned()) {
      reasons.add(
          address.closedFor().isPositive()
              ? "Discord refuses every request from this address for %s more"
                  .formatted(seconds(address.closedFor()))
              : "Discord refused every request from this address; one at a time sees whether it"
                  + " still does");
    }
    if (address.level() == Level.REFUSE) {
      reasons.add(
          invalid(address, "nothing is sent until they are fewer than", address.limit().calm()));
    }
    return reasons;
  }

  private static List<String> amiss(
      List<String> notes, Status.Address address, Optional<Status.Gateway> gateway) {
    var reasons = new ArrayList<>(notes);
    if (address.level() == Level.WARN) {
      reasons.add(
          invalid(address, "requests that can wait do so from", address.limit().holdBack()));
    }
    if (address.level() == Level.HOLD_BACK) {
      reasons.add(
          invalid(
              address,
              "requests that can wait do so, and nothing is sent from",
              address.limit().refuse()));
    }
    if (gateway.filter(Status.Gateway::lagging).isPresent()) {
      reasons.add(
          gateway
              .flatMap(Status.Gateway::lag)
              .map(
                  lag ->
                      "what the gateway told is %s behind, and not answered from"
                          .formatted(seconds(lag)))
              .orElse("no gateway has told anything yet"));
    }
    return reasons;
  }

  private static List<String> full(Status.Limits limits, Status.Held held) {
    var reasons = new ArrayList<String>();
    if ((long) held.requests() * 100 >= (long) held.mostRequests() * FULL_PERCENT
        || held.bytes() * 100 >= held.mostBytes() * FULL_PERCENT) {
      reasons.add("nearly as much is held as may be; what comes then stays with the broker");
    }
    limits.buckets().stream()
        .flatMap(List::stream)
        .map(PeekLimits.Waiting::oldest)
        .max(Duration::compareTo)
        .filter(oldest -> oldest.compareTo(LONG_WAIT) >= 0)
        .ifPresent(
            oldest ->
                reasons.add(
                    "more comes than Discord's limits let through: the oldest request has waited %s"
                        .formatted(seconds(oldest))));
    return reasons;
  }

  private static String invalid(Status.Address address, String then, long number) {
    return String.format(
        Locale.ROOT,
        "%,d invalid requests (401, 403, 429) in ten minutes: %s %,d",
        address.invalid(),
        then,
        number);
  }

  private static String seconds(Duration duration) {
    long seconds = Math.max(1, duration.toSeconds());
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }
}
