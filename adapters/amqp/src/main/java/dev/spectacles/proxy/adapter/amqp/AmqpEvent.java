package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.Event;
import java.time.Duration;

/** Event from a subscriber's queue, un-acked as long as this process works on it. */
record AmqpEvent(Holding holding, Intake intake) implements Event {
  @Override
  public String id() {
    return holding.message().id();
  }

  @Override
  public String name() {
    return holding.message().event();
  }

  @Override
  public byte[] payload() {
    return holding.message().payload().bytes();
  }

  @Override
  public boolean redelivered() {
    return holding.message().redelivered();
  }

  @Override
  public void ack() throws InterruptedException {
    // Where its connection was lost, it comes again.
    intake.requireHeld(holding, Duration.ZERO);
    intake.answered(holding);
  }

  /** Back to its place in the queue; one that has a name is left to other instances first. */
  @Override
  public void abandon() {
    intake.abandoned(holding);
  }
}
