package dev.spectacles.proxy.adapter.ipc;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Two-way stream to another process.
 *
 * @param name for logs
 * @param isParent whether it leads to whoever started this process: its end is the process's own,
 *     and a thread that waits for it cannot be called back
 * @param closing ends both directions
 */
record Connection(
    String name, boolean isParent, InputStream in, OutputStream out, Closeable closing) {
  /** Thread for one of its directions, not started. */
  Thread thread(String direction, Runnable task) {
    String threadName = "ipc-" + name + "-" + direction;
    // What blocks in a read of a file descriptor would take a carrier away from virtual threads.
    return isParent
        ? Thread.ofPlatform().daemon().name(threadName).unstarted(task)
        : Thread.ofVirtual().name(threadName).unstarted(task);
  }
}
