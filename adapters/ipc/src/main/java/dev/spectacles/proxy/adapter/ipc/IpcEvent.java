package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Event;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Event that was read from a peer or published here, for one subscriber. Nobody else has it: until
 * it is acked, the end of a parent's input is held back for it.
 */
final class IpcEvent implements Event {
  private final String id;
  private final String name;
  private final byte[] payload;
  private final boolean redelivered;
  private final IpcEventStream stream;
  private final AtomicBoolean over = new AtomicBoolean();

  IpcEvent(String id, String name, byte[] payload, boolean redelivered, IpcEventStream stream) {
    this.id = id;
    this.name = name;
    this.payload = payload;
    this.redelivered = redelivered;
    this.stream = stream;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] payload() {
    return payload;
  }

  @Override
  public boolean redelivered() {
    return redelivered;
  }

  @Override
  public void ack() {
    if (!over.getAndSet(true)) {
      stream.settled();
    }
  }

  @Override
  public void abandon() {
    if (!over.getAndSet(true)) {
      stream.giveBack(new IpcEvent(id, name, payload, true, stream));
    }
  }
}
