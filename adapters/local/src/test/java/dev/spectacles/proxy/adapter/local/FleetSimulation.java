package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import dev.spectacles.proxy.simulator.model.SimAnswer;
import dev.spectacles.proxy.simulator.model.SimRequest;
import dev.spectacles.proxy.simulator.model.SimulatedDiscord;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Several instances that share one store, against the model of Discord, in virtual time: every
 * delay is drawn from a seed and the invariants are checked after each event.
 */
final class FleetSimulation {
  static final String AUTHORIZATION = "Bot simulated";
  static final TokenId TOKEN = TokenId.of(Headers.of(Map.of("authorization", AUTHORIZATION)));

  /**
   * What is simulated.
   *
   * @param longestToStore longest way to the store, and back
   */
  record Setup(int instances, long seed, Duration longestToStore) {}

  /**
   * Requests of one path that are always in line.
   *
   * @param limit of its bucket, 0 if something else holds it up
   */
  private static final class Saturated {
    private final String path;
    private final int inLine;
    private final int limit;
    private final Duration window;
    private final Map<String, Integer> grantsToOthers = new HashMap<>();
    private int waiting;
    private long lastGrant;

    Saturated(String path, int inLine, int limit, Duration window) {
      this.path = path;
      this.inLine = inLine;
      this.limit = limit;
      this.window = window;
    }
  }

  final FleetEvents events;
  long wakes;
  long lostLeases;
  private final ManualClock clock = new ManualClock();
  private final long start = clock.nanoTime();
  private final Setup setup;
  private final SplittableRandom random;
  private final SimulatedDiscord discord;
  private final LocalLimits limits = new LocalLimits(clock, GlobalLimits.ofAll(50));
  private final List<FleetInstance> instances = new ArrayList<>();
  private final Map<Route, Saturated> saturated = new HashMap<>();

  /** Besides the window of its bucket, how long a route may be without a grant. */
  private Duration longestPause = Duration.ofSeconds(3);

  private boolean stopping;
  private int named;
  private long places;
  private long calls;
  private long grants;
  private long longestWait;

  FleetSimulation(Scenario scenario, Setup setup) {
    this.setup = setup;
    this.random = new SplittableRandom(setup.seed());
    this.discord = SimulatedDiscord.of(scenario);
    this.events = new FleetEvents(clock);
    for (int i = 0; i < setup.instances(); i++) {
      instances.add(another());
    }
  }

  private FleetInstance another() {
    String name = "i" + ++named;
    return new FleetInstance(name, this, new LocalRateLimitStore(limits, name));
  }

  /**
   * Keeps so many requests in line until the end, each at an instance drawn anew.
   *
   * @param limit of the bucket if it is what holds them up, else 0
   */
  void saturate(String path, int inLine, int limit, Duration window) {
    var kind = new Saturated(path, inLine, limit, window);
    saturated.put(route(path), kind);
    for (int i = 0; i < inLine; i++) {
      events.in(Duration.ofNanos(random.nextLong(1_000_000)), () -> arrive(path));
    }
  }

  /** Instances stand still, one at a time, for 200 ms or 4 s. */
  void stops() {
    // Everything in line may be at one that stands still, or be kept for it.
    longestPause = Duration.ofSeconds(12);
    stopping = true;
    events.in(
        Duration.ofMillis(random.nextLong(2_000, 8_000)),
        () -> {
          FleetInstance one = instances.get(random.nextInt(instances.size()));
          one.stop(Duration.ofMillis(random.nextInt(4) == 0 ? 4_000 : 200));
          stops();
        });
  }

  /** At that time an instance dies; 5 s later there is a new one. */
  void death(Duration after) {
    events.in(
        after,
        () -> {
          FleetInstance one = instances.remove(random.nextInt(instances.size()));
          one.die();
          for (FleetRequest lost : one.inLine) {
            waits(lost.where, -1);
            events.in(Duration.ofMillis(random.nextLong(300, 2_000)), () -> arrive(lost.path));
          }
          events.in(Duration.ofSeconds(5), () -> instances.add(another()));
        });
  }

  Report run(Duration length) {
    long end = start + length.toNanos();
    events.in(Duration.ofMillis(100), this::checkProgress);
    events.runUntil(end);
    Report report = discord.report();
    for (BucketReport bucket : report.buckets()) {
      assertThat(bucket.maxInFlight())
          .as("%s: in flight of %s", this, bucket.key())
          .isLessThanOrEqualTo(bucket.rate().limit());
    }
    return report;
  }

  double callsPerGrant() {
    return (double) calls / grants;
  }

  long calls() {
    return calls;
  }

  long grants() {
    return grants;
  }

  Duration longestWait() {
    return Duration.ofNanos(longestWait);
  }

  /** Time to the store or back, in nanoseconds. */
  long storeDelay() {
    return random.nextLong(100_000, setup.longestToStore().toNanos());
  }

  private void arrive(String path) {
    Route route = route(path);
    waits(route, 1);
    FleetInstance at = instances.get(random.nextInt(instances.size()));
    at.add(new FleetRequest(++places, events.now(), route, path, false, at::granted));
  }

  private void waits(Route route, int more) {
    Saturated kind = saturated.get(route);
    if (kind.waiting == 0) {
      kind.lastGrant = events.now();
    }
    kind.waiting += more;
  }

  /** The store decided on claims of this instance. */
  void decided(String instance, List<Claim> claims, List<Grant> answers) {
    calls++;
    for (int i = 0; i < claims.size(); i++) {
      Saturated kind = saturated.get(claims.get(i).route());
      int granted = answers.get(i).leases().size();
      grants += granted;
      if (granted > 0) {
        kind.lastGrant = events.now();
        kind.grantsToOthers.replaceAll((other, count) -> count + granted);
        kind.grantsToOthers.remove(instance);
      }
      boolean waits = answers.get(i).hold().isPresent();
      if (waits && kind.limit > 0) {
        kind.grantsToOthers.putIfAbsent(instance, 0);
      }
    }
    checkTurns();
  }

  /** Nobody who waits is passed over by more than were there before and what is on its way. */
  private void checkTurns() {
    if (stopping) {
      return; // those that do not come in time are passed over
    }
    for (Saturated kind : saturated.values()) {
      kind.grantsToOthers
          .keySet()
          .removeIf(name -> instances.stream().noneMatch(one -> waitsAt(one, name, kind)));
      kind.grantsToOthers.forEach(
          (name, others) ->
              assertThat(others)
                  .as("%s: grants to others than %s of %s", this, name, kind.path)
                  .isLessThanOrEqualTo(kind.inLine + setup.instances() * kind.limit));
    }
  }

  private static boolean waitsAt(FleetInstance one, String name, Saturated kind) {
    return one.name.equals(name) && one.inLine.stream().anyMatch(r -> r.path.equals(kind.path));
  }

  private void checkProgress() {
    for (Saturated kind : saturated.values()) {
      if (kind.limit > 0 && kind.waiting > 0) {
        assertThat(Duration.ofNanos(events.now() - kind.lastGrant))
            .as("%s: time without a grant of %s", this, kind.path)
            .isLessThan(longestPause.plus(kind.window));
      }
    }
    events.in(Duration.ofMillis(100), this::checkProgress);
  }

  /** A request goes out; its outcome comes after a while. */
  void send(FleetRequest request, Consumer<Outcome> answered) {
    waits(request.where, -1);
    longestWait = Math.max(longestWait, events.now() - request.since);
    var forward = Duration.ofNanos(random.nextLong(8_000_000, 25_000_000));
    var rest =
        Duration.ofNanos(
            random.nextLong(5_000_000, 60_000_000) + random.nextLong(8_000_000, 25_000_000));
    events.in(
        forward,
        () -> {
          SimAnswer answer =
              discord.arrive(
                  SimRequest.of("GET", "/api/v10" + request.path).authorization(AUTHORIZATION),
                  (events.now() - start) / 1_000);
          assertThat(answer.status())
              .as("%s: answer to %s: %s", this, request.path, answer.decision())
              .isEqualTo(200);
          events.in(
              rest,
              () -> {
                discord.answered(answer);
                answered.accept(LimiterSimulation.outcome(answer));
              });
        });
  }

  /** The request is through: another takes its place. */
  void through(FleetRequest request) {
    events.in(Duration.ZERO, () -> arrive(request.path));
  }

  private Route route(String path) {
    return RouteResolver.resolve(
        Requests.request("GET", path, Map.of("authorization", AUTHORIZATION), ""),
        clock.wallTime());
  }

  /** For failure messages. */
  @Override
  public String toString() {
    return "%s after %s".formatted(setup, Duration.ofNanos(events.now() - start));
  }
}
