package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.util.UUID;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One group of one stream, as this consumer reads it. Thread-safe. */
final class ConsumerGroup {
  private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroup.class);

  /** What a group that is new to the server begins with. */
  enum Start {
    /** Everything in the stream. */
    OLDEST("0"),
    /** What is published from then on. */
    NEWEST("$");

    private final String id;

    Start(String id) {
      this.id = id;
    }
  }

  private final StreamCommands commands;
  private final Start start;
  private volatile String generation = "";
  private volatile String lastSeen = "";

  ConsumerGroup(StreamCommands commands, Start start) {
    this.commands = commands;
    this.start = start;
  }

  /** Creates the group if it is not there, such as on a server that came back empty. */
  void ensure() throws InterruptedException {
    StreamCommands.Group group =
        commands.createGroup(lastSeen, UUID.randomUUID().toString(), start.id);
    String before = generation;
    generation = group.generation();
    if (lastSeen.isEmpty()) {
      lastSeen = group.at();
    }
    if (group.created() && !before.isEmpty()) {
      LOG.warn(
          "Redis lost the consumer group {} of {}; created again at {}",
          commands.group(),
          commands.stream(),
          group.at());
    }
  }

  /** An entry was delivered; they come in order. */
  void delivered(StreamMessageId id) {
    lastSeen = id.toString();
  }

  /** Name for the time since the group was created. */
  String generation() {
    return generation;
  }

  StreamCommands commands() {
    return commands;
  }

  /**
   * The entry is dealt with.
   *
   * @throws BrokerException if Redis did not hear it
   */
  void ack(StreamMessageId id) throws InterruptedException {
    try {
      commands.ack(id);
    } catch (RedisException e) {
      throw Failures.failed("The ack of " + id + " in " + commands.stream(), e);
    }
  }

  /** Hands what is pending here over to others at once. */
  void leave(RedisSettings settings, Outage outage) {
    if (outage.isOn()) {
      return;
    }
    try {
      long left = commands.leave(settings.minIdle().multipliedBy(10));
      if (left > 0) {
        LOG.info("{} entries of {} are left to other instances", left, commands.stream());
      }
    } catch (RedisException e) {
      LOG.warn("Redis did not hear that {} leaves: {}", commands.consumer(), Failures.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
