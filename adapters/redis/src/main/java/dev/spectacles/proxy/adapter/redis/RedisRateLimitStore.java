package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rate limits shared by all instances that use the same Redis: decisions are made there, in
 * scripts, by its clock. Thread-safe.
 *
 * <p>What is given back is sent in the background; the next claim of the same caller takes it along
 * at the latest. While the server is away claims fail, and what is given back waits.
 */
final class RedisRateLimitStore implements RateLimitStore {
  private static final Logger LOG = LoggerFactory.getLogger(RedisRateLimitStore.class);
  private static final Duration PRESENCE = Duration.ofSeconds(1);
  private static final Duration FORGET_AFTER = Duration.ofMinutes(2);
  private static final Duration FLUSH_AT_CLOSE = Duration.ofSeconds(1);

  /** How long what a caller at its global limit gives back may wait to go with its next claim. */
  private static final Duration GATHERING = Duration.ofMillis(25);

  /** Doubles tell whole numbers apart up to here, and Lua knows no others. */
  private static final long LARGEST_ID = 1L << 52;

  /** Ids below are those of stores that count from one. */
  private static final long SMALLEST_ID = 1L << 40;

  private final LimiterContext context;
  private final LimitKeys keys;
  private final Clock clock;
  private final Outage outage;
  private final Link<LimiterSession> link;
  private final Repeating presence;
  private final Map<TokenId, TokenTurns> turns = new ConcurrentHashMap<>();
  private final AtomicLong nextLease =
      new AtomicLong(ThreadLocalRandom.current().nextLong(SMALLEST_ID, LARGEST_ID / 2));
  private final AtomicInteger instances = new AtomicInteger(1);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("limits-", 0).factory());
  private volatile Listener listener = (token, bucket, delay) -> {};

  RedisRateLimitStore(RedisSettings settings, LimiterContext context) {
    this.context = context;
    this.keys = new LimitKeys(context.egress());
    this.clock = context.clock();
    this.outage = Outage.silent(settings.url().servers(), clock);
    this.link =
        new Link<>(
            () -> LimiterSession.open(settings, context.instance(), clock, this::woken),
            outage,
            clock,
            session -> outage.over());
    this.presence = new Repeating("limits-presence", PRESENCE, clock, outage, this::showPresence);
  }

  /** Connects in the background. */
  RedisRateLimitStore start() {
    link.start();
    return this;
  }

  /** Client for what else is shared; {@link RedisException} if the server was not reached yet. */
  RedissonClient client() {
    return link.session().map(LimiterSession::client).orElseThrow(NotReachedException::new);
  }

  /** Waits until the server was reached once; whether it was. */
  boolean awaitConnection(Duration wait) throws InterruptedException {
    return link.await(wait).isPresent();
  }

  @Override
  public List<Grant> claim(TokenId token, List<Claim> claims) throws InterruptedException {
    int wanted = claims.stream().mapToInt(Claim::count).sum();
    return run(token, claims, nextLease.getAndAdd(wanted)).grants();
  }

  private TurnResult run(TokenId token, List<Claim> claims, long firstLease)
      throws InterruptedException {
    LimiterSession session = session();
    TurnResult result;
    long attempt = outage.attempt();
    try {
      result = turnsOf(token).run(session, claims, firstLease);
      outage.over(attempt);
    } catch (RedisException e) {
      outage.noticed(e);
      throw Failures.storeFailed("claim", e);
    }
    for (TurnResult.Opening opening : result.openings()) {
      listener.available(token, opening.bucket(), opening.delay());
    }
    return result;
  }

  @Override
  public boolean restamp(Lease lease) throws InterruptedException {
    int counts = lease.route().countsGlobally() ? 1 : 0;
    return call(Script.RESTAMP, lease.token(), List.of(lease.id(), counts)) == 1;
  }

  @Override
  public void renew(List<Lease> leases) throws InterruptedException {
    for (TokenId token : leases.stream().map(Lease::token).distinct().toList()) {
      List<Object> ids =
          leases.stream()
              .filter(lease -> lease.token().equals(token))
              .<Object>map(Lease::id)
              .toList();
      call(Script.RENEW, token, ids);
    }
  }

  @Override
  public void release(Lease lease, Outcome outcome, Duration late) {
    TokenId token = lease.token();
    var back = new GivenBack(lease, outcome, late, clock.nanoTime(), false);
    // In one step with the look-up, or it could go to turns that are being forgotten.
    turns.compute(
        token,
        (id, known) -> {
          TokenTurns pending = known == null ? new TokenTurns(id, keys, context) : known;
          if (pending.add(back)) {
            LOG.debug("outcomes of requests forgotten while Redis was away, the oldest first");
          }
          return pending;
        });
    flushSoon(token);
  }

  @Override
  public void learnGlobalLimit(TokenId token, int limit) throws InterruptedException {
    if (context.limits().isSetFor(token)) {
      return;
    }
    call(Script.LEARN_LIMIT, token, List.of(limit));
  }

  @Override
  public List<BucketStatus> peek(TokenId token, List<Route> routes) throws InterruptedException {
    if (routes.isEmpty()) {
      return List.of();
    }
    LimiterSession session = session();
    List<Object> arguments = turnsOf(token).common(session);
    for (Route route : routes) {
      arguments.add(route.key().value());
      arguments.add(route.major().value());
    }
    try {
      var fields = session.run(Script.PEEK, keys.all(token), arguments).iterator();
      var found = new ArrayList<BucketStatus>(routes.size());
      while (fields.hasNext()) {
        found.add(
            new BucketStatus(
                new BucketKey(TurnResult.text(fields), new MajorParameter(TurnResult.text(fields))),
                model(TurnResult.number(fields)),
                (int) TurnResult.number(fields),
                Double.parseDouble(TurnResult.text(fields)),
                (int) TurnResult.number(fields),
                Optional.of(TurnResult.number(fields))
                    .filter(micros -> micros >= 0)
                    .map(micros -> Duration.ofNanos(micros * 1_000))));
      }
      return found;
    } catch (RedisException e) {
      outage.noticed(e);
      throw Failures.storeFailed("peek", e);
    }
  }

  private static Model model(long number) {
    return switch ((int) number) {
      case 0 -> Model.UNKNOWN;
      case 1 -> Model.FIXED;
      case 2 -> Model.SLIDING;
      default -> throw new IllegalStateException("model: " + number + " (expected: 0, 1 or 2)");
    };
  }

  @Override
  public int instances() {
    return instances.get();
  }

  @Override
  public Optional<Duration> unreachableFor() {
    return link.session().isEmpty() ? Optional.of(outage.unseenFor()) : outage.lasting();
  }

  @Override
  public Optional<Duration> backFrom(Duration atLeast) {
    return outage.since().filter(back -> outage.lasted().compareTo(atLeast) >= 0);
  }

  @Override
  public Duration leaseTime() {
    return context.leaseTime();
  }

  @Override
  public void listen(Listener newListener) {
    listener = newListener;
  }

  @Override
  public void close() {
    presence.close();
    threads.shutdown();
    boolean interrupted = false;
    try {
      if (!threads.awaitTermination(FLUSH_AT_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      threads.shutdownNow();
    }
    link.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long call(Script script, TokenId token, List<Object> own) throws InterruptedException {
    LimiterSession session = session();
    List<Object> arguments = turnsOf(token).common(session);
    arguments.addAll(own);
    try {
      List<Object> answer = session.run(script, keys.all(token), arguments);
      return (Long) answer.get(1);
    } catch (RedisException e) {
      outage.noticed(e);
      throw Failures.storeFailed(script.name().toLowerCase(Locale.ROOT), e);
    }
  }

  private LimiterSession session() {
    return link.session()
        .orElseThrow(
            () -> new StoreException("Redis at " + outage.server() + " was not reached yet"));
  }

  private TokenTurns turnsOf(TokenId token) {
    return turns.computeIfAbsent(token, id -> new TokenTurns(id, keys, context));
  }

  private void flushSoon(TokenId token) {
    if (!outage.isOn() && !threads.isShutdown() && turnsOf(token).beginFlush()) {
      threads.execute(() -> flush(token));
    }
  }

  /** Sends what was given back, unless a claim took it along already. */
  private void flush(TokenId token) {
    TokenTurns pending = turnsOf(token);
    boolean over = false;
    try {
      if (pending.isAtLimit()) {
        // It claims often, and has nothing to gain from what is given back but through a claim.
        clock.sleep(GATHERING);
      }
      while (!over && !outage.isOn() && link.session().isPresent()) {
        over = pending.endFlushIfEmpty();
        if (!over) {
          run(token, List.of(), 0);
        }
      }
    } catch (StoreException e) {
      LOG.debug("outcomes of requests not reported yet: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!over) {
        pending.endFlush();
      }
    }
  }

  private boolean showPresence() throws InterruptedException {
    Optional<LimiterSession> session = link.session();
    if (session.isEmpty()) {
      return false;
    }
    long attempt = outage.attempt();
    instances.set(session.get().instances(context.instance()));
    outage.over(attempt);
    long since = clock.nanoTime() - FORGET_AFTER.toNanos();
    for (TokenId token : List.copyOf(turns.keySet())) {
      turns.computeIfPresent(token, (id, known) -> known.isIdle(since) ? null : known);
      if (turns.containsKey(token)) {
        // What could not be reported while the server was away.
        flushSoon(token);
      }
    }
    return true;
  }

  /** Another instance gave something back that this one waits for. */
  private void woken(String message) {
    String[] fields = message.split("\n", -1);
    if (fields.length != 4) {
      LOG.warn("wake of another layout ignored: fields: {} (expected: 4)", fields.length);
      return;
    }
    Optional<TokenId> token = keys.token(fields[0]);
    if (token.isPresent()) {
      var bucket = new BucketKey(fields[1], new MajorParameter(fields[2]));
      long micros = (long) Double.parseDouble(fields[3]);
      listener.available(token.get(), bucket, Duration.ofNanos(micros * 1_000));
    }
  }
}
