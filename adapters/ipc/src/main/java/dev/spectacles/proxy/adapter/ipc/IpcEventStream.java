package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Events that one subscriber has not taken yet; while it is full, peers are not read. */
final class IpcEventStream implements EventStream {
  private final Set<String> names;
  private final Inbox<IpcEvent> inbox;

  IpcEventStream(List<String> names, Inbox<IpcEvent> inbox) {
    this.names = Set.copyOf(names);
    this.inbox = inbox;
  }

  boolean reads(String name) {
    return names.contains(name);
  }

  /** Puts an event in, for as long as it takes; after a drain it is dropped. */
  void put(IpcEvent event) throws InterruptedException {
    inbox.put(event, event.payload().length);
  }

  /** Puts an event in; returns whether there was room for it in that time. */
  boolean offer(IpcEvent event, Duration within) throws InterruptedException {
    return inbox.offer(event, event.payload().length, within);
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    return List.copyOf(inbox.take(atMost, wait));
  }

  /** Ends a wait that is on; nothing is taken any more. */
  @Override
  public void close() {
    inbox.drain();
  }
}
