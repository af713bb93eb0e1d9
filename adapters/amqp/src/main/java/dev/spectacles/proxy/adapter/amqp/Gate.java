package dev.spectacles.proxy.adapter.amqp;

import java.time.Duration;

/** What holds up the reading of a connection while too much is read and not worked on. */
interface Gate {
  /** Gate that is always open. */
  Gate OPEN = wait -> true;

  /** Waits until more may be read; says whether it may be, when that time is over. */
  boolean awaitRoom(Duration wait) throws InterruptedException;
}
