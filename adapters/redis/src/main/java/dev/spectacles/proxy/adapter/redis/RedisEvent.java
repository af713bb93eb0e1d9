package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Event;
import java.util.function.BooleanSupplier;

/**
 * Entry of an event's stream that is pending for this instance.
 *
 * @param closed whether the stream of events is closed, and the entry left to others
 */
record RedisEvent(
    ConsumerGroup group, StreamCommands.Entry entry, boolean redelivered, BooleanSupplier closed)
    implements Event {
  private static final byte[] NONE = {};

  @Override
  public String id() {
    return entry.id().toString();
  }

  @Override
  public String name() {
    return group.commands().stream();
  }

  /** Empty where the entry has no field of that name, which is no event of anybody's. */
  @Override
  public byte[] payload() {
    return entry.fields().getOrDefault(StreamCommands.DATA, NONE);
  }

  @Override
  public void ack() throws InterruptedException {
    if (closed.getAsBoolean()) {
      throw new BrokerException("Event " + id() + " of " + name() + " is left to others");
    }
    group.ack(entry.id());
  }

  /** Nothing: it is pending, and whoever looks for such entries after {@code min_idle} gets it. */
  @Override
  public void abandon() {}
}
