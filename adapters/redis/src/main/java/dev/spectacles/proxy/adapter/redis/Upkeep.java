package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.redisson.api.stream.StreamMessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done from time to time: keeping entries ours, trimming, removing dead consumers.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final int MOST_AT_ONCE = 500;
  private static final Duration DEAD_AFTER = Duration.ofHours(1);

  private record Abandoned(String stream, String name) {}

  private final Session session;
  private final List<ConsumerGroup> groups;
  private final HeldEntries held;
  private final RedisSettings settings;
  private final Repeating keeping;
  private final Repeating trimming;
  private final Set<Abandoned> toldAbandoned = new HashSet<>();

  /**
   * Upkeep from now on.
   *
   * @param groups of all streams that are trimmed; what is held is of the session's own
   */
  Upkeep(
      Session session,
      List<ConsumerGroup> groups,
      HeldEntries held,
      Outage outage,
      RedisSettings settings,
      Clock clock) {
    this.session = session;
    this.groups = List.copyOf(groups);
    this.held = held;
    this.settings = settings;
    this.keeping =
        new Repeating("redis-keep", settings.minIdle().dividedBy(3), clock, outage, this::keep);
    this.trimming = new Repeating("redis-trim", settings.trimInterval(), clock, outage, this::trim);
  }

  @Override
  public void close() {
    trimming.close();
    keeping.close();
  }

  private boolean keep() throws InterruptedException {
    var byGeneration =
        held.keepable().stream()
            .filter(delivery -> !delivery.isDetached())
            .collect(
                Collectors.groupingBy(
                    RedisDelivery::generation,
                    Collectors.mapping(RedisDelivery::entryId, Collectors.toList())));
    for (var same : byGeneration.entrySet()) {
      List<StreamMessageId> ids = same.getValue();
      for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
        var part = ids.subList(from, Math.min(ids.size(), from + MOST_AT_ONCE));
        session.commands().keep(part, same.getKey()).forEach(this::unkept);
      }
    }
    return !byGeneration.isEmpty();
  }

  private void unkept(StreamCommands.Unkept entry) {
    held.find(entry.id())
        .ifPresent(
            delivery -> {
              if (entry.taken()) {
                LOG.debug("id={} taken over by another instance", delivery.id());
                delivery.lost();
              } else {
                delivery.detached();
              }
            });
  }

  private boolean trim() throws InterruptedException {
    session.readTime();
    var abandoned = new ArrayList<Abandoned>();
    for (ConsumerGroup group : groups) {
      StreamCommands commands = group.commands();
      List<String> answer = commands.trim(settings.abandonedGroupAfter());
      LOG.debug("trimmed={} stream={}", answer.getFirst(), commands.stream());
      for (String name : answer.subList(1, answer.size())) {
        abandoned.add(new Abandoned(commands.stream(), name));
      }
      long swept = commands.sweep(DEAD_AFTER);
      if (swept > 0) {
        LOG.debug("sweptConsumers={} stream={}", swept, commands.stream());
      }
    }
    tellOnce(abandoned);
    return true;
  }

  private void tellOnce(List<Abandoned> abandoned) {
    toldAbandoned.retainAll(abandoned);
    for (Abandoned group : abandoned) {
      if (toldAbandoned.add(group)) {
        LOG.warn(
            "Consumer group {} of {} has not been read for {}: it no longer keeps entries in the"
                + " stream; remove it with XGROUP DESTROY",
            group.name(),
            group.stream(),
            settings.abandonedGroupAfter());
      }
    }
  }
}
