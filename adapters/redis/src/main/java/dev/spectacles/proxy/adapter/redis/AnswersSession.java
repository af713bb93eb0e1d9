package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.List;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection for answers to a server that was reached once. One of its own also where the limits
 * are on the same server: large answers do not hold up their calls.
 */
record AnswersSession(RedissonClient client) implements Link.Connected {
  private static final Logger LOG = LoggerFactory.getLogger(AnswersSession.class);

  /** Connects; throws {@link org.redisson.client.RedisException} if it cannot. */
  static AnswersSession open(RedisSettings settings, String instance) throws InterruptedException {
    String name = RedisConnections.name("answers", instance);
    return Link.checked(
        new AnswersSession(RedisConnections.answers(settings, name)), AnswersSession::check);
  }

  /** Answers go when their time is over, or when the server needs room and may make it. */
  private void check() throws InterruptedException {
    List<Object> found;
    try {
      found =
          new CacheCalls(this::client)
              .run("Asking for its policy", Script.ABOUT, List.of("sp:1:rest"));
    } catch (StoreException e) {
      LOG.debug("policy of the server of answers not known: {}", e.getMessage());
      return;
    }
    if (found.get(1).equals("noeviction")) {
      LOG.warn(
          "Redis evicts no answers when its memory is full, and then refuses what is written:"
              + " maxmemory-policy: noeviction (expected: volatile-lfu; limits and requests need"
              + " noeviction, so give answers a server of their own, see cache.rest.redis_url)");
    }
  }

  @Override
  public void close() {
    RedisConnections.close(client);
  }
}
