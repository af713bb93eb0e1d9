package dev.spectacles.proxy.adapter.redis;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.ratelimit.UsualDelay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limiter's connection to a server that was reached once. Thread-safe; methods block, respond
 * to interruption and throw {@link RedisException}, whose message must not be passed on.
 */
final class LimiterSession implements Link.Connected {
  private static final Logger LOG = LoggerFactory.getLogger(LimiterSession.class);

  /** An instance that has not been seen for so long is not counted any more. */
  private static final Duration GONE_AFTER = Duration.ofSeconds(5);

  private final RedissonClient client;
  private final AtomicReference<UsualDelay> delay = new AtomicReference<>(UsualDelay.UNKNOWN);
  private final Clock clock;

  private LimiterSession(RedissonClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Connects, and hears from then on what other instances give back.
   *
   * @param wake told what arrives on this instance's channel
   */
  static LimiterSession open(
      RedisSettings settings, String instance, Clock clock, Consumer<String> wake)
      throws InterruptedException {
    String name = RedisConnections.name("limiter", instance);
    RedissonClient client = RedisConnections.limiter(settings, name);
    return Link.checked(
        new LimiterSession(client, clock),
        session -> {
          session.check();
          client
              .getTopic(LimitKeys.channel(instance), StringCodec.INSTANCE)
              .addListener(String.class, (channel, message) -> wake.accept(message));
        });
  }

  private void check() throws InterruptedException {
    List<Object> found = run(Script.ABOUT, List.of(LimitKeys.INSTANCES), List.of());
    var about = new StreamCommands.About((String) found.get(0), (String) found.get(1), 0);
    Session.requireVersion(about.version());
    if (about.mayEvict()) {
      LOG.warn(
          "Redis may evict the state of rate limits: maxmemory-policy: {} (expected: noeviction)",
          about.evictionPolicy());
    }
  }

  /** Runs a script; all of the limiter answer with a list. */
  List<Object> run(Script script, List<Object> keys, List<Object> arguments)
      throws InterruptedException {
    long start = clock.nanoTime();
    List<Object> answer =
        script.run(
            client.getScript(StringCodec.INSTANCE),
            keys,
            arguments.toArray(),
            StreamCommands::await);
    // A call that failed tells nothing of the way.
    long now = clock.nanoTime();
    delay.updateAndGet(before -> before.observe(now - start, now));
    return answer;
  }

  /** Notes that this instance is there; how many there are. */
  int instances(String instance) throws InterruptedException {
    List<Object> keys = List.of(LimitKeys.INSTANCES);
    List<Object> arguments = List.of(instance, GONE_AFTER.toMillis());
    return Math.toIntExact((Long) run(Script.INSTANCES, keys, arguments).getFirst());
  }

  /** For what else is shared. */
  RedissonClient client() {
    return client;
  }

  /** How long a script usually takes, with the way there and back. */
  Duration usualDelay() {
    return requireNonNull(delay.get()).get();
  }

  @Override
  public void close() {
    RedisConnections.close(client);
  }
}
