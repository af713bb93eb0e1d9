package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
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
  private final String instance;
  private final UsualDelay delay;
  private final Clock clock;

  private LimiterSession(RedissonClient client, String instance, Clock clock, UsualDelay delay) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
    this.delay = delay;
  }

  /**
   * Connects, and hears from then on what other instances give back.
   *
   * @param wake told what arrives on this instance's channel
   */
  static LimiterSession open(
      RedisSettings settings,
      String instance,
      Clock clock,
      UsualDelay delay,
      Consumer<String> wake)
      throws InterruptedException {
    String name = "spectacles-limiter-" + instance.replaceAll("[^A-Za-z0-9._-]", "_");
    RedissonClient client = RedisConnections.limiter(settings, name);
    boolean opened = false;
    try {
      var session = new LimiterSession(client, instance, clock, delay);
      session.check();
      client
          .getTopic(LimitKeys.channel(instance), StringCodec.INSTANCE)
          .addListener(String.class, (channel, message) -> wake.accept(message));
      session.instances();
      opened = true;
      return session;
    } finally {
      if (!opened) {
        RedisConnections.close(client);
      }
    }
  }

  private void check() throws InterruptedException {
    List<Object> found = this.eval(Script.ABOUT, ReturnType.LIST, List.of(LimitKeys.INSTANCES));
    var about = new StreamCommands.About((String) found.get(0), (String) found.get(1), 0);
    Session.requireVersion(about.version());
    if (about.mayEvict()) {
      LOG.warn(
          "Redis may evict the state of rate limits: maxmemory-policy: {} (expected: noeviction)",
          about.evictionPolicy());
    }
  }

  /** Result of a script that answers with a list. */
  List<Object> list(Script script, List<Object> keys, List<Object> arguments)
      throws InterruptedException {
    return eval(script, ReturnType.LIST, keys, arguments.toArray());
  }

  /** Result of a script that answers with a number. */
  long number(Script script, List<Object> keys, List<Object> arguments)
      throws InterruptedException {
    return this.<Long>eval(script, ReturnType.LONG, keys, arguments.toArray());
  }

  /** Says that this instance is there; how many there are. */
  int instances() throws InterruptedException {
    return (int)
        number(
            Script.INSTANCES,
            List.of(LimitKeys.INSTANCES),
            List.of(instance, GONE_AFTER.toMillis()));
  }

  private <T> T eval(Script script, ReturnType type, List<Object> keys, Object... arguments)
      throws InterruptedException {
    RScriptAsync scripts = client.getScript(StringCodec.INSTANCE);
    long start = clock.nanoTime();
    try {
      RFuture<T> known =
          scripts.evalShaAsync(Mode.READ_WRITE, script.sha1(), type, keys, arguments);
      return StreamCommands.await(known);
    } catch (RedisException e) {
      if (!Failures.isScriptMissing(e)) {
        throw e;
      }
      // A server that started since has not seen it.
      RFuture<T> sent =
          scripts.evalAsync(Mode.READ_WRITE, script.source(), type, keys, arguments);
      return StreamCommands.await(sent);
    } finally {
      delay.took(Duration.ofNanos(clock.nanoTime() - start), start);
    }
  }

  @Override
  public void close() {
    RedisConnections.close(client);
  }
}
