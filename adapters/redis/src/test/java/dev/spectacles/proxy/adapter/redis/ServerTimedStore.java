package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The classes and scripts that run in earnest, by the server's own clock. */
final class ServerTimedStore implements TracedStore {
  private final TokenId token;
  private final LimitKeys keys = new LimitKeys("default");
  private final Map<String, LimiterSession> sessions;
  private final Map<String, TokenTurns> turns = new HashMap<>();

  /** Stands still, so that ages come out as drawn. */
  private final ManualClock clock = new ManualClock();

  ServerTimedStore(
      TokenId token, Map<String, LimiterSession> sessions, int globalLimit, Duration leaseTime) {
    this.token = token;
    this.sessions = sessions;
    for (String instance : sessions.keySet()) {
      var limits = GlobalLimits.ofAll(globalLimit);
      var context = new LimiterContext(instance, keys.egress(), limits, leaseTime, clock);
      turns.put(instance, new TokenTurns(token, keys, context));
    }
  }

  @Override
  public TurnResult turn(String instance, List<Back> back, List<Claim> claims, long firstLease)
      throws InterruptedException {
    TokenTurns own = turns.get(instance);
    for (Back one : back) {
      own.add(
          new GivenBack(
              one.lease(),
              one.outcome(),
              one.lateness(),
              clock.nanoTime() - one.age() * 1_000,
              false));
    }
    return own.run(sessions.get(instance), claims, firstLease);
  }

  @Override
  public Timed restamp(String instance, Lease lease) throws InterruptedException {
    int counts = lease.route().countsGlobally() ? 1 : 0;
    return call(Script.RESTAMP, instance, List.of(lease.id(), counts));
  }

  @Override
  public Timed renew(String instance, List<Lease> leases) throws InterruptedException {
    return call(Script.RENEW, instance, leases.stream().<Object>map(Lease::id).toList());
  }

  @Override
  public Timed learnGlobalLimit(int limit) throws InterruptedException {
    return call(Script.LEARN_LIMIT, sessions.keySet().iterator().next(), List.of(limit));
  }

  @Override
  public Optional<List<Object>> peek(List<Route> routes) {
    return Optional.empty();
  }

  @Override
  public void pass(Duration duration) throws InterruptedException {
    new RealClock().sleep(duration);
  }

  private Timed call(Script script, String instance, List<Object> own) throws InterruptedException {
    LimiterSession session = sessions.get(instance);
    List<Object> arguments = turns.get(instance).common(session);
    arguments.addAll(own);
    List<Object> answer = session.run(script, keys.all(token), arguments);
    return new Timed((Long) answer.get(0), (Long) answer.get(1));
  }
}
