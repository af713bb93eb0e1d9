package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scripts with a clock that the test sets instead of the server's, so that a trace can be
 * repeated exactly and can last for hours.
 */
final class VirtuallyTimedStore implements TracedStore {
  private static final String SERVER_TIME = "redis.call('TIME')";
  private static final String GIVEN_TIME =
      "{ table.remove(ARGV, #ARGV - 1), table.remove(ARGV, #ARGV) }";

  /** Where the test's clock stands still, the server's must not run out. */
  private static final String SHORT_LIFE = "'PX', ";

  private static final String LONG_LIFE = "'PX', 600000 + ";
  private static final long START = 1_800_000_000_000_000L;

  private final TokenId token;
  private final LimitKeys keys = new LimitKeys("default");
  private final RespConnection connection;
  private final int globalLimit;
  private final Duration leaseTime;
  private final Map<Script, Object> names = new EnumMap<>(Script.class);
  private long micros = START;

  VirtuallyTimedStore(
      TokenId token, RespConnection connection, int globalLimit, Duration leaseTime) {
    this.token = token;
    this.connection = connection;
    this.globalLimit = globalLimit;
    this.leaseTime = leaseTime;
  }

  @Override
  public TurnResult turn(String instance, List<Back> back, List<Claim> claims, long firstLease)
      throws IOException {
    var own = new ArrayList<Object>();
    own.add(firstLease);
    own.add(back.size());
    back.forEach(
        one ->
            new GivenBack(one.lease(), one.outcome(), one.lateness(), 0, false)
                .addTo(own, one.age() * 1_000));
    own.add(claims.size());
    claims.forEach(claim -> TokenTurns.add(claim, own));
    return TurnResult.read(call(Script.TURN, instance, own), token, claims, firstLease);
  }

  @Override
  public Timed restamp(String instance, Lease lease) throws IOException {
    int counts = lease.route().countsGlobally() ? 1 : 0;
    return timed(call(Script.RESTAMP, instance, List.of(lease.id(), counts)));
  }

  @Override
  public Timed renew(String instance, List<Lease> leases) throws IOException {
    List<Object> ids = leases.stream().<Object>map(Lease::id).toList();
    return timed(call(Script.RENEW, instance, ids));
  }

  @Override
  public Timed learnGlobalLimit(int limit) throws IOException {
    return timed(call(Script.LEARN_LIMIT, "any", List.of(limit)));
  }

  @Override
  public Optional<List<Object>> peek(List<Route> routes) throws IOException {
    var own = new ArrayList<Object>();
    for (Route route : routes) {
      own.add(route.key().value());
      own.add(route.major().value());
    }
    var answer = new ArrayList<Object>(List.of(micros));
    answer.addAll(call(Script.PEEK, "any", own));
    return Optional.of(answer);
  }

  @Override
  public void pass(Duration duration) {
    micros += duration.toNanos() / 1_000;
  }

  private static Timed timed(List<Object> answer) {
    return new Timed((Long) answer.get(0), (Long) answer.get(1));
  }

  @SuppressWarnings("unchecked")
  private List<Object> call(Script script, String instance, List<Object> own) throws IOException {
    if (!names.containsKey(script)) {
      String source = script.source().replace(SERVER_TIME, GIVEN_TIME);
      if (source.equals(script.source())) {
        throw new IllegalStateException(script + " reads no clock (expected: " + SERVER_TIME + ")");
      }
      source = source.replace(SHORT_LIFE, LONG_LIFE);
      names.put(script, connection.command("SCRIPT", "LOAD", source));
    }
    var words = new ArrayList<Object>(List.of("EVALSHA", names.get(script)));
    List<Object> all = keys.all(token);
    words.add(all.size());
    words.addAll(all);
    words.addAll(
        List.of(
            keys.prefix(token),
            instance,
            leaseTime.toNanos() / 1_000,
            globalLimit,
            0,
            LimitKeys.channels()));
    words.addAll(own);
    words.addAll(List.of(micros / 1_000_000, micros % 1_000_000));
    return (List<Object>) connection.command(words.toArray());
  }
}
