package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Event;

/** Event that was read from a peer or published here; it cannot come again. */
final class IpcEvent implements Event {
  private final String id;
  private final String name;
  private final byte[] payload;

  IpcEvent(String id, String name, byte[] payload) {
    this.id = id;
    this.name = name;
    this.payload = payload;
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
    return false;
  }

  /** Nothing: nobody keeps it. */
  @Override
  public void ack() {}
}
