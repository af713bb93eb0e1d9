package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Events of one subscriber that are not acked yet; while it is full, peers are not read. */
final class IpcEventStream implements EventStream {
  private final Set<String> names;
  private final Inbox<IpcEvent> inbox;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long unsettled;
  private boolean closed;

  IpcEventStream(List<String> names, Inbox<IpcEvent> inbox) {
    this.names = Set.copyOf(names);
    this.inbox = inbox;
  }

  boolean reads(String name) {
    return names.contains(name);
  }

  /** Puts an event in, for as long as it takes; after a drain it is lost, but counted. */
  void put(String id, String name, byte[] payload) throws InterruptedException {
    count(1);
    inbox.put(new IpcEvent(id, name, payload, false, this), payload.length);
  }

  /** Puts an event in; returns whether there was room for it in that time. */
  boolean offer(String id, String name, byte[] payload, Duration within)
      throws InterruptedException {
    count(1);
    var event = new IpcEvent(id, name, payload, false, this);
    boolean taken = false;
    try {
      taken = inbox.offer(event, payload.length, within);
    } finally {
      if (!taken) {
        count(-1);
      }
    }
    return taken;
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    return List.copyOf(inbox.take(atMost, wait));
  }

  /** An event was dealt with. */
  void settled() {
    count(-1);
  }

  /** An event was not dealt with: it is the next one again, unless nothing is taken any more. */
  void giveBack(IpcEvent event) {
    inbox.giveBack(event, event.payload().length);
  }

  /** Waits until all events that came were dealt with, for this long at most. */
  void awaitSettled(Duration within) throws InterruptedException {
    long left = within.toNanos();
    lock.lockInterruptibly();
    try {
      while (unsettled > 0 && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many events came and were not dealt with. */
  long unsettled() {
    lock.lock();
    try {
      return unsettled;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a wait that is on; nothing is taken any more. */
  @Override
  public void close() {
    inbox.drain();
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void count(int change) {
    lock.lock();
    try {
      unsettled += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
