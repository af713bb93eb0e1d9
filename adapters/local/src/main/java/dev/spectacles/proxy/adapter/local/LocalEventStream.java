package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;

/** Events of one subscriber in this process; unacked ones come again when it is closed. */
final class LocalEventStream implements EventStream {
  private final LocalHolding holding;

  LocalEventStream(LocalHolding holding) {
    this.holding = holding;
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    return holding.take(atMost, wait).stream()
        .<Event>map(message -> new LocalEvent(message, message.isRedelivered(), holding))
        .toList();
  }

  /** Ends a wait that is on; nothing is taken any more. */
  void drain() {
    holding.drain();
  }

  @Override
  public void close() {
    holding.close();
  }
}
