package dev.spectacles.proxy.adapter.redis;

import org.redisson.api.RedissonClient;

/**
 * Connection for answers to a server that was reached once. One of its own also where the limits
 * are on the same server: large answers do not hold up their calls.
 */
record AnswersSession(RedissonClient client) implements Link.Connected {
  /** Connects; throws {@link org.redisson.client.RedisException} if it cannot. */
  static AnswersSession open(RedisSettings settings, String instance) throws InterruptedException {
    String name = "spectacles-answers-" + instance.replaceAll("[^A-Za-z0-9._-]", "_");
    return new AnswersSession(RedisConnections.answers(settings, name));
  }

  @Override
  public void close() {
    RedisConnections.close(client);
  }
}
