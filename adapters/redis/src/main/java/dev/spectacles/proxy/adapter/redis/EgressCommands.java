package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.InvalidRequests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Every command on what is shared of one egress address.
 *
 * <p>Thread-safe. Methods block, respond to interruption and throw {@link RedisException}, whose
 * message must not be passed on: see {@link Failures}.
 */
final class EgressCommands {
  /** Long enough that a ban is not forgotten, with its doublings, where nobody probes. */
  private static final Duration BAN_KEPT = Duration.ofHours(2);

  private static final Duration GONE_AFTER = Duration.ofSeconds(10);
  private static final int MOST_TRIES = 20;

  /**
   * What the server knew.
   *
   * @param serverMicros when it was read, by the server's clock
   * @param ahead by how much this process's clock, in microseconds, reads more than the server's
   */
  record Seen(long serverMicros, long ahead, EgressBan ban) {}

  /**
   * Answer of {@link #sync}.
   *
   * @param invalid by the minutes of this process's clock
   */
  record Synced(Seen seen, InvalidRequests invalid, int instances) {}

  private final Supplier<RedissonClient> client;
  private final String instance;
  private final Clock clock;
  private final String prefix;

  EgressCommands(Supplier<RedissonClient> client, String egress, String instance, Clock clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
    this.prefix = "sp:1:{egress:" + egress + "}:";
  }

  /** Topic that hears of every change. */
  RTopic topic() {
    return client.get().getTopic(channel(), StringCodec.INSTANCE);
  }

  /** Adds these invalid requests, if any, and reads everything. */
  Synced sync(InvalidRequests unreported) throws InterruptedException {
    long before = micros();
    long minute = InvalidRequests.minuteOf(before);
    var args =
        new ArrayList<Object>(
            List.of(
                instance,
                Integer.toString(InvalidRequests.MINUTES),
                Long.toString(GONE_AFTER.toMillis()),
                channel()));
    unreported
        .perMinute()
        .forEach(
            (then, count) -> {
              args.add(Long.toString(Math.max(0, minute - then)));
              args.add(Long.toString(count));
            });
    List<String> answer =
        list(
            Script.EGRESS_SYNC,
            List.of(prefix + "ban", prefix + "invalid", prefix + "instances"),
            args.toArray());
    Seen seen = seen(answer.get(0), answer.get(1), answer.get(2), before);
    long now = micros();
    InvalidRequests invalid = InvalidRequests.NONE;
    for (int i = 4; i + 1 < answer.size(); i += 2) {
      long then = InvalidRequests.minuteOf(now) - Long.parseLong(answer.get(i));
      invalid = invalid.plus(then, Long.parseLong(answer.get(i + 1)), now);
    }
    return new Synced(seen, invalid, Math.max(1, Integer.parseInt(answer.get(3))));
  }

  /**
   * Changes the ban to what this makes of it, in one step; it gets the ban by this process's clock
   * and may be asked more than once.
   *
   * @param known what was seen last
   */
  Seen change(Seen known, UnaryOperator<EgressBan> change) throws InterruptedException {
    Seen seen = known;
    for (int i = 0; i < MOST_TRIES; i++) {
      EgressBan local = seen.ban().shifted(seen.ahead());
      EgressBan wanted = change.apply(local);
      EgressBan shared = wanted.equals(local) ? seen.ban() : wanted.shifted(-seen.ahead());
      long before = micros();
      long left = Math.max(0, wanted.closedFor(before).toMillis());
      List<String> answer =
          list(
              Script.EGRESS_SWAP,
              List.of(prefix + "ban"),
              EgressText.of(seen.ban()),
              EgressText.of(shared),
              Long.toString(left + BAN_KEPT.toMillis()),
              channel());
      Seen found = seen(answer.get(1), answer.get(2), answer.get(3), before);
      if (answer.get(0).equals("1")) {
        return new Seen(found.serverMicros(), found.ahead(), shared);
      }
      seen = found;
    }
    throw new RedisException("the ban changed " + MOST_TRIES + " times meanwhile");
  }

  /** This instance sends no more. */
  void leave() throws InterruptedException {
    StreamCommands.await(
        client
            .get()
            .getScript(StringCodec.INSTANCE)
            .<Long>evalAsync(
                Mode.READ_WRITE,
                Script.EGRESS_LEAVE.source(),
                ReturnType.LONG,
                List.of(prefix + "instances"),
                instance));
  }

  private Seen seen(String seconds, String micros, String ban, long before) {
    long server = Long.parseLong(seconds) * 1_000_000 + Long.parseLong(micros);
    long now = micros();
    return new Seen(server, before + (now - before) / 2 - server, EgressText.parse(ban));
  }

  private List<String> list(Script script, List<Object> keys, Object... args)
      throws InterruptedException {
    return StreamCommands.await(
        client
            .get()
            .getScript(StringCodec.INSTANCE)
            .<List<String>>evalAsync(
                Mode.READ_WRITE, script.source(), ReturnType.LIST, keys, args));
  }

  private String channel() {
    return prefix + "changed";
  }

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
