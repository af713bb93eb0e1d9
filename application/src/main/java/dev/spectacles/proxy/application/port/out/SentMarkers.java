package dev.spectacles.proxy.application.port.out;

/**
 * Notes of which requests are about to be sent to Discord, shared by all instances: for brokers
 * that keep no note with a request.
 *
 * <p>Thread-safe. A note is forgotten a day after it was made.
 */
public interface SentMarkers {
  /**
   * Notes durably that the request is about to be sent; returns when the note is written.
   *
   * @param request name of the request, the same for every instance that gets it
   * @throws StoreException if the note could not be written
   */
  void mark(String request) throws InterruptedException;

  /**
   * Whether somebody noted that.
   *
   * @throws StoreException if nobody can tell now
   */
  boolean isMarked(String request) throws InterruptedException;

  /** Forgets notes of requests that are through; one that remains does no harm. */
  void forget(String request);
}
