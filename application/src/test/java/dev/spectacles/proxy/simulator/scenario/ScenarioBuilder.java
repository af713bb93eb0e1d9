package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Builds a {@link Scenario}. Routes are tried in the order they are added. */
public final class ScenarioBuilder {
  private final String name;
  private long seed = 1;
  private ApiSpec api = ApiSpec.strict();
  private ClockSpec clock = ClockSpec.exact();
  private final Map<String, BucketSpec> buckets = new LinkedHashMap<>();
  private final List<RouteSpec> routes = new ArrayList<>();
  private Optional<Rate> defaultRate = Optional.empty();
  private GlobalSpec global = GlobalSpec.standard();
  private InvalidSpec invalid = InvalidSpec.standard();
  private final Map<String, TokenSpec> tokens = new LinkedHashMap<>();
  private final Map<String, String> webhookChannels = new LinkedHashMap<>();
  private Delays delays = Delays.none();
  private final List<FaultSpec> faults = new ArrayList<>();
  private final List<ScriptStep> script = new ArrayList<>();
  private Optional<WorldSpec> world = Optional.empty();
  private int ledgerCapacity = Scenario.DEFAULT_LEDGER_CAPACITY;

  ScenarioBuilder(String name) {
    this.name = name;
  }

  ScenarioBuilder(Scenario scenario) {
    this(scenario.name());
    seed = scenario.seed();
    api = scenario.api();
    clock = scenario.clock();
    scenario.buckets().forEach(bucket -> buckets.put(bucket.hash(), bucket));
    routes.addAll(scenario.routes());
    defaultRate = scenario.defaultRate();
    global = scenario.global();
    invalid = scenario.invalid();
    scenario.tokens().forEach(token -> tokens.put(token.authorization(), token));
    webhookChannels.putAll(scenario.webhookChannels());
    delays = scenario.delays();
    faults.addAll(scenario.faults());
    script.addAll(scenario.script());
    world = scenario.world();
    ledgerCapacity = scenario.ledgerCapacity();
  }

  public ScenarioBuilder seed(long newSeed) {
    seed = newSeed;
    return this;
  }

  public ScenarioBuilder api(ApiSpec newApi) {
    api = newApi;
    return this;
  }

  /** Changes the API's behaviour, such as {@code api(a -> a.withRawEcho(true))}. */
  public ScenarioBuilder api(UnaryOperator<ApiSpec> change) {
    return api(change.apply(api));
  }

  public ScenarioBuilder clock(ClockSpec newClock) {
    clock = newClock;
    return this;
  }

  /** Adds a bucket, or replaces the one with this hash. */
  public ScenarioBuilder bucket(String hash, Rate rate) {
    buckets.put(hash, new BucketSpec(hash, rate));
    return this;
  }

  /** Adds a route that counts in a bucket added by {@link #bucket(String, Rate)}. */
  public ScenarioBuilder route(String pattern, String hash) {
    return route(pattern, new RouteBucket.Hash(hash, hash));
  }

  /** Adds a bucket and a route that counts in it. */
  public ScenarioBuilder route(String pattern, String hash, Rate rate) {
    return bucket(hash, rate).route(pattern, hash);
  }

  public ScenarioBuilder route(String pattern, RouteBucket bucket) {
    return route(new RouteSpec(RoutePattern.parse(pattern), bucket, List.of(), 200));
  }

  /** Adds a route, or replaces the one with this pattern. */
  public ScenarioBuilder route(RouteSpec route) {
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).pattern().equals(route.pattern())) {
        routes.set(i, route);
        return this;
      }
    }
    routes.add(route);
    return this;
  }

  /** Adds a route without rate limit headers. */
  public ScenarioBuilder unlimited(String pattern) {
    return route(pattern, new RouteBucket.None());
  }

  /** Adds a hidden limit to a route added before. */
  public ScenarioBuilder hidden(String pattern, HiddenLimit limit) {
    var route = find(pattern);
    var limits = new ArrayList<>(route.hidden());
    limits.add(limit);
    return route(new RouteSpec(route.pattern(), route.bucket(), limits, route.status()));
  }

  /** Sets what a route added before answers when all is well; 204 has no body. */
  public ScenarioBuilder status(String pattern, int status) {
    var route = find(pattern);
    return route(new RouteSpec(route.pattern(), route.bucket(), route.hidden(), status));
  }

  /** Gives routes that are not listed a bucket each. */
  public ScenarioBuilder defaultRate(Rate rate) {
    defaultRate = Optional.of(rate);
    return this;
  }

  /** Leaves routes that are not listed without headers. */
  public ScenarioBuilder noDefaultRate() {
    defaultRate = Optional.empty();
    return this;
  }

  public ScenarioBuilder global(GlobalSpec newGlobal) {
    global = newGlobal;
    return this;
  }

  /** Sets limit and mode of the global limit per second. */
  public ScenarioBuilder global(int limit, RateModel model) {
    return global(
        new GlobalSpec(
            new Rate(limit, Duration.ofSeconds(1), model), global.countsAuthorizedInteractions()));
  }

  public ScenarioBuilder invalid(InvalidSpec newInvalid) {
    invalid = newInvalid;
    return this;
  }

  public ScenarioBuilder token(TokenSpec token) {
    tokens.put(token.authorization(), token);
    return this;
  }

  public ScenarioBuilder webhook(String id, String channel) {
    webhookChannels.put(id, channel);
    return this;
  }

  public ScenarioBuilder delays(Delays newDelays) {
    delays = newDelays;
    return this;
  }

  public ScenarioBuilder fault(FaultSpec fault) {
    faults.add(fault);
    return this;
  }

  /** Lets a change happen so long after the first request arrived. */
  public ScenarioBuilder at(Duration time, Change change) {
    script.add(new ScriptStep(time, change));
    return this;
  }

  /** Lets the API answer from a world. */
  public ScenarioBuilder world(WorldSpec newWorld) {
    world = Optional.of(newWorld);
    return this;
  }

  public ScenarioBuilder ledgerCapacity(int entries) {
    ledgerCapacity = entries;
    return this;
  }

  public Scenario build() {
    return new Scenario(
        name,
        seed,
        api,
        clock,
        List.copyOf(buckets.values()),
        routes,
        defaultRate,
        global,
        invalid,
        List.copyOf(tokens.values()),
        webhookChannels,
        delays,
        faults,
        script,
        world,
        ledgerCapacity);
  }

  private RouteSpec find(String pattern) {
    var wanted = RoutePattern.parse(pattern);
    return routes.stream()
        .filter(route -> route.pattern().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no route " + pattern));
  }
}
