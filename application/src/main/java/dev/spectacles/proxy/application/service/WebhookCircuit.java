package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.NegativeRules;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.cache.Storing;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Webhooks that Discord said do not exist: asking again and again has it restrict the bot.
 * Thread-safe, bounded; each instance finds out for itself.
 *
 * <p>Source: Discord docs, Rate Limits, "Invalid Request Limit".
 */
final class WebhookCircuit {
  private static final int MOST = 10_000;
  private static final int FIRST_ERROR = 400;

  private record Gone(StoredResponse answer, long until) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Gone> gone = new LinkedHashMap<>();

  WebhookCircuit(Clock clock) {
    this.clock = clock;
  }

  /** What Discord said of a webhook that is not there. */
  Optional<StoredResponse> answer(Route route) {
    Optional<String> webhook = NegativeRules.webhook(route);
    if (webhook.isEmpty()) {
      return Optional.empty();
    }
    lock.lock();
    try {
      forgetOld();
      return Optional.ofNullable(gone.get(webhook.get())).map(Gone::answer);
    } finally {
      lock.unlock();
    }
  }

  /** Hears what Discord answered; returns it as it is kept, if it is. */
  Optional<StoredResponse> heard(Route route, ProxyResponse.Http answer) {
    if (answer.code() < FIRST_ERROR) {
      forget(route);
      return Optional.empty();
    }
    Optional<String> webhook = NegativeRules.goneWebhook(route, answer);
    if (webhook.isEmpty()) {
      return Optional.empty();
    }
    StoredResponse kept = Storing.goneForGood(answer, clock.wallTime(), NegativeRules.WEBHOOK_GONE);
    long until = clock.nanoTime() + NegativeRules.WEBHOOK_GONE.toNanos();
    lock.lock();
    try {
      gone.remove(webhook.get());
      gone.put(webhook.get(), new Gone(kept, until));
      if (gone.size() > MOST) {
        Iterator<String> eldest = gone.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
      return Optional.of(kept);
    } finally {
      lock.unlock();
    }
  }

  /** Has Discord asked again of this one. */
  void forget(Route route) {
    Optional<String> webhook = NegativeRules.webhook(route);
    lock.lock();
    try {
      webhook.ifPresent(gone::remove);
    } finally {
      lock.unlock();
    }
  }

  /** Has Discord asked again of all. */
  void forgetAll() {
    lock.lock();
    try {
      gone.clear();
    } finally {
      lock.unlock();
    }
  }

  /** They are in the order of their times. */
  private void forgetOld() {
    long now = clock.nanoTime();
    Iterator<Gone> eldest = gone.values().iterator();
    while (eldest.hasNext() && eldest.next().until() - now <= 0) {
      eldest.remove();
    }
  }
}
