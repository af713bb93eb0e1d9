package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.List;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connection for entities to a server that was reached once. */
record EntitySession(RedissonClient client) implements Link.Connected {
  private static final Logger LOG = LoggerFactory.getLogger(EntitySession.class);

  /** Connects; throws {@link RedisException} if it cannot. */
  static EntitySession open(RedisSettings settings, String instance) throws InterruptedException {
    String name = RedisConnections.name("entities", instance);
    return Link.checked(
        new EntitySession(RedisConnections.entities(settings, name)), EntitySession::check);
  }

  /** A list of which the server evicted a part would be taken for all that there is. */
  private void check() throws InterruptedException {
    List<Object> found;
    try {
      found =
          new CacheCalls(this::client)
              .run("Asking for its policy", Script.ABOUT, List.of("sp1:about"));
    } catch (StoreException e) {
      throw new RedisException(e.getMessage());
    }
    var about = new StreamCommands.About((String) found.get(0), (String) found.get(1), 0);
    Session.requireVersion(about.version());
    if (about.mayEvict()) {
      LOG.warn(
          "Redis may evict what the gateway told: maxmemory-policy: {} (expected: noeviction)",
          about.evictionPolicy());
    }
  }

  @Override
  public void close() {
    RedisConnections.close(client);
  }
}
