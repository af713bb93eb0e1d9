package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Event;

/** Event that was published in this process. */
record LocalEvent(LocalMessage message, boolean redelivered, LocalHolding holding)
    implements Event {
  @Override
  public String id() {
    return message.id();
  }

  @Override
  public String name() {
    return message.name();
  }

  @Override
  public byte[] payload() {
    return message.payload();
  }

  @Override
  public void ack() {
    holding.settle(message);
  }

  @Override
  public void abandon() {
    holding.giveBack(message);
  }
}
