package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.oracle.Ledger;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Origin;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.oracle.Stall;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Durations;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Discord as a state machine: a request and its time of arrival in, an answer out.
 *
 * <p>Deterministic and not thread-safe. Times are microseconds on any monotonic scale and must not
 * go back between calls. The scenario's delays are the caller's business; its faults are decided
 * here and carried out by whoever delivers the answer.
 *
 * <p>A request passes, in this order: ban, User-Agent, API version, faults before the effect,
 * credentials, global limit, bucket, hidden limits, resources, faults after the effect. A request
 * refused by one step does not count in the ones after it.
 */
public final class SimulatedDiscord {
  private static final Pattern INSTANCE = Pattern.compile(" instance/(\\S+)");

  private final Scenario scenario;
  private final ModelClock clock;
  private final RouteTable routes;
  private final BucketLimits buckets;
  private final HiddenLimits hiddenLimits;
  private final GlobalLimits globals;
  private final Credentials credentials;
  private final Resources resources;
  private final InvalidRequests invalid;
  private final Faults faults;
  private final Script script;
  private final Changes changes;
  private final LimitAnswers limitAnswers;
  private final ApiAnswers apiAnswers;
  private final Ledger ledger;
  private final Optional<LiveWorld> world;
  private long lastArrival = Long.MIN_VALUE;

  /** What was found out about a request on its way through {@link #decide}. */
  private static final class Passage {
    Optional<FaultSpec> fault = Optional.empty();
    Optional<RateCounter> global = Optional.empty();
    Optional<BucketLimits.Bucket> bucket = Optional.empty();
  }

  /** A simulator whose time of day is this one at this monotonic time. */
  public SimulatedDiscord(Scenario scenario, long startMicros, long epochMillisAtStart) {
    this.scenario = scenario;
    clock = new ModelClock(scenario.clock(), startMicros, epochMillisAtStart);
    routes = new RouteTable(scenario);
    buckets = new BucketLimits(scenario, clock);
    hiddenLimits = new HiddenLimits(scenario.webhookChannels(), clock.epochOffset());
    globals = new GlobalLimits(scenario, clock.epochOffset());
    var api = scenario.api();
    credentials = new Credentials(scenario.tokens(), api.requireAuthorization());
    resources = new Resources(clock, api.interactionLifetime().toMillis());
    invalid = new InvalidRequests(scenario.invalid());
    faults = new Faults(scenario.faults(), scenario.seed());
    script = new Script(scenario.script());
    changes = new Changes(routes, buckets, globals, credentials, resources, invalid, faults);
    limitAnswers = new LimitAnswers(clock);
    apiAnswers = new ApiAnswers(api.echoRawBody());
    world = scenario.world().map(LiveWorld::new);
    ledger =
        new Ledger(
            scenario.name(),
            scenario.ledgerCapacity(),
            Durations.micros(scenario.delays().shortestRoundTrip()));
  }

  /** A simulator for virtual time: time 0 is the beginning of 2026. */
  public static SimulatedDiscord of(Scenario scenario) {
    return new SimulatedDiscord(scenario, 0, Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
  }

  /** Decides on a request that arrives now. */
  public SimAnswer arrive(SimRequest request, long nowMicros) {
    return arrive(request, nowMicros, nowMicros);
  }

  /**
   * Decides on a request that arrives now.
   *
   * @param receivedMicros when it was received, before the simulated way to Discord
   */
  public SimAnswer arrive(SimRequest request, long receivedMicros, long nowMicros) {
    if (nowMicros < lastArrival) {
      throw new IllegalArgumentException(
          "nowMicros: %d (expected: >= %d)".formatted(nowMicros, lastArrival));
    }
    lastArrival = nowMicros;
    script.advance(changes, nowMicros);
    var fields = JsonFields.of(request.body(), request.headers().getOrDefault("content-type", ""));
    var passage = new Passage();
    var outcome = decide(request, fields, passage, nowMicros);
    if (outcome.decision().invalid() && invalid.count(request.sourceIp(), nowMicros)) {
      ledger.banned();
    }
    var sequence = ledger.nextSequence();
    record(request, fields, passage, outcome, receivedMicros, nowMicros);
    return new SimAnswer(
        sequence,
        outcome.decision(),
        outcome.status(),
        outcome.with("Date", clock.date(nowMicros)).headers(),
        outcome.body(),
        passage.fault);
  }

  /** Tells that the answer has been written or its connection is gone; ends its time in flight. */
  public void answered(SimAnswer answer) {
    ledger.answered(answer.sequence());
  }

  /** Changes something from now on. */
  public void apply(Change change, long nowMicros) {
    changes.apply(change, nowMicros);
  }

  /**
   * Lets the world do something so many times.
   *
   * @return events that are due, those of writes too
   * @throws IllegalArgumentException if the scenario has no world
   */
  public List<WorldEvent> move(LiveWorld.Move move, int times) {
    return world
        .orElseThrow(() -> new IllegalArgumentException("world: none (expected: one)"))
        .move(move, times);
  }

  public List<LedgerEntry> ledger() {
    return ledger.entries();
  }

  public Report report() {
    return snapshot(List.of()).report();
  }

  /** What a report is made of, for a caller that must not hold up requests meanwhile. */
  public Ledger.Snapshot snapshot(List<Stall> stalls) {
    return ledger.snapshot(stalls);
  }

  private Outcome decide(
      SimRequest request, Map<String, String> fields, Passage passage, long nowMicros) {
    var banLeft = invalid.banned(request.sourceIp(), nowMicros);
    if (banLeft > 0) {
      return limitAnswers.banned(scenario.invalid(), banLeft);
    }
    var agent = request.headers().getOrDefault("user-agent", "");
    if (scenario.api().requireUserAgent() && !agent.startsWith("DiscordBot")) {
      return apiAnswers.blockedUserAgent();
    }
    var parsed = ApiPath.parse(request.path(), scenario.api().root());
    if (parsed.isEmpty()) {
      return apiAnswers.outsideApi();
    }
    var path = parsed.get();
    if (!path.knownVersion()) {
      return apiAnswers.badVersion();
    }
    passage.fault = faults.draw(FaultSpec.Phase.BEFORE_EFFECT, request.method(), path);
    if (passage.fault.isPresent()) {
      return apiAnswers.failure(Decision.FAILED_BEFORE_EFFECT, passage.fault.get().status());
    }
    if (path.interaction() && !request.authorization().isEmpty()) {
      ledger.authorizedInteraction();
    }
    if (!credentials.accept(request, path)) {
      return apiAnswers.unauthorized();
    }
    var outcome = limit(request, path, fields, passage, nowMicros);
    if (outcome.decision() != Decision.ACCEPTED) {
      return outcome;
    }
    passage.fault = faults.draw(FaultSpec.Phase.AFTER_EFFECT, request.method(), path);
    return passage.fault.map(fault -> afterEffect(outcome, fault)).orElse(outcome);
  }

  private Outcome limit(
      SimRequest request,
      ApiPath path,
      Map<String, String> fields,
      Passage passage,
      long nowMicros) {
    var subject = subject(request);
    var authorized = !request.authorization().isEmpty();
    passage.global = globals.find(path, subject, authorized, nowMicros);
    if (passage.global.isPresent()) {
      var global = passage.global.get();
      if (!global.hasRoom(nowMicros)) {
        return limitAnswers.globalFull(global, nowMicros);
      }
      global.count(nowMicros);
    }
    var route = routes.find(request.method(), path);
    var missing = resources.missing(request.method(), path, nowMicros);
    passage.bucket = buckets.find(route, subject, missing.isPresent(), nowMicros);
    var bucket = passage.bucket;
    if (bucket.isPresent() && !bucket.get().counter().hasRoom(nowMicros)) {
      return limitAnswers.bucketFull(bucket.get(), nowMicros);
    }
    var hidden =
        hiddenLimits.find(route, subject, fields, buckets.oldMessage(route, nowMicros), nowMicros);
    for (var limit : hidden) {
      if (!limit.counter().hasRoom(nowMicros)) {
        return limitAnswers.hiddenFull(limit, bucketHeaders(bucket, nowMicros), nowMicros);
      }
    }
    bucket.ifPresent(found -> found.counter().count(nowMicros));
    hidden.forEach(limit -> limit.counter().count(nowMicros));
    var outcome =
        missing
            .map(apiAnswers::missing)
            .orElseGet(
                () ->
                    resources.forbidden(request.method(), path)
                        ? apiAnswers.forbidden()
                        : success(request, path, route, fields, nowMicros));
    return outcome.viaApi().with(bucketHeaders(bucket, nowMicros));
  }

  private Outcome success(
      SimRequest request, ApiPath path, Route route, Map<String, String> fields, long nowMicros) {
    var millis = clock.trueEpochMillis(nowMicros);
    var type = request.headers().getOrDefault("content-type", "");
    var told =
        world.flatMap(
            known -> known.answer(request.method(), path.target(), request.body(), type, millis));
    if (told.isPresent()) {
      return apiAnswers.told(told.get());
    }
    var id = Snowflake.at(millis);
    return apiAnswers.success(request, path, route.status(), fields, id);
  }

  private Outcome afterEffect(Outcome outcome, FaultSpec fault) {
    return switch (fault.kind()) {
      case STATUS -> apiAnswers.failure(outcome.decision(), fault.status());
      case NO_CONTENT -> new Outcome(outcome.decision(), 204, outcome.headers(), new byte[0]);
      default -> outcome;
    };
  }

  private List<Header> bucketHeaders(Optional<BucketLimits.Bucket> bucket, long nowMicros) {
    return bucket
        .map(found -> limitAnswers.headers(found.hash(), found.counter(), nowMicros))
        .orElse(List.of());
  }

  private void record(
      SimRequest request,
      Map<String, String> fields,
      Passage passage,
      Outcome outcome,
      long receivedMicros,
      long nowMicros) {
    var entry =
        new LedgerEntry(
            ledger.nextSequence(),
            receivedMicros,
            nowMicros,
            request.method(),
            request.path(),
            passage.bucket.map(BucketLimits.Bucket::key).orElse(""),
            outcome.decision(),
            passage.bucket.map(found -> found.counter().used(nowMicros)).orElse(0.0),
            outcome.status(),
            passage.fault.map(fault -> fault.kind().name()).orElse(""),
            origin(request, fields));
    Optional<Rate> bucketRate = passage.bucket.map(found -> found.counter().rate());
    ledger.arrived(entry, bucketRate, passage.global.map(RateCounter::rate));
  }

  private static Origin origin(SimRequest request, Map<String, String> fields) {
    var nonce = request.header("x-sim-nonce").orElse(fields.getOrDefault("nonce", ""));
    return new Origin(
        request.sourceIp(),
        TokenId.of(request.authorization()),
        request.header("x-sim-instance").orElseGet(() -> instance(request)),
        request.header("x-sim-seq").map(Long::parseLong).orElse(-1L),
        nonce);
  }

  private static String instance(SimRequest request) {
    Matcher product = INSTANCE.matcher(request.headers().getOrDefault("user-agent", ""));
    return product.find() ? product.group(1) : "";
  }

  private static String subject(SimRequest request) {
    var authorization = request.authorization();
    return authorization.isEmpty() ? "ip-" + request.sourceIp() : TokenId.of(authorization);
  }
}
