package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.NegativeRules;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
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
  private static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST = 10_000;

  private record Gone(ProxyResponse.Http answer, long until) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<MajorParameter, Gone> gone = new LinkedHashMap<>();

  WebhookCircuit(Clock clock) {
    this.clock = clock;
  }

  /** What Discord said of a webhook that is not there. */
  Optional<ProxyResponse.Http> answer(Route route) {
    if (route.kind() != Route.Kind.WEBHOOK) {
      return Optional.empty();
    }
    lock.lock();
    try {
      Gone known = gone.get(route.major());
      if (known != null && known.until() - clock.nanoTime() <= 0) {
        gone.remove(route.major());
        return Optional.empty();
      }
      return Optional.ofNullable(known).map(Gone::answer);
    } finally {
      lock.unlock();
    }
  }

  /** Hears what Discord answered. */
  void heard(Route route, ProxyResponse.Http answer) {
    if (route.kind() != Route.Kind.WEBHOOK || !NegativeRules.isUnknownWebhook(answer)) {
      return;
    }
    lock.lock();
    try {
      gone.remove(route.major());
      gone.put(route.major(), new Gone(answer, clock.nanoTime() + KEPT.toNanos()));
      if (gone.size() > MOST) {
        Iterator<MajorParameter> eldest = gone.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }
}
