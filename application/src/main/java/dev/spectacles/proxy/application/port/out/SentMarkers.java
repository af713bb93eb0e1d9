package dev.spectacles.proxy.application.port.out;

/**
 * Notes of which requests are about to be sent to Discord and which are answered, shared by all
 * instances: for brokers that keep no note with a request.
 *
 * <p>Thread-safe. A mark is forgotten a day after it was made, answered or not.
 */
public interface SentMarkers {
  /** What is known of a request. */
  enum State {
    /** Nothing: nobody marked it, or that is forgotten. */
    NONE,
    /** Somebody is about to send it, or did. */
    SENT,
    /** Its caller has the answer. */
    ANSWERED
  }

  /**
   * Notes durably that the request is about to be sent, unless there is a note of it already;
   * returns when that is decided, for all instances alike.
   *
   * @param request name of the request, the same for every instance that gets it
   * @param owner name of who is about to send it: never used for another try, but the same when
   *     this one is repeated
   * @return whether the mark is this owner's; the request must not be sent otherwise
   * @throws StoreException if the mark may not be written
   */
  boolean mark(String request, String owner) throws InterruptedException;

  /**
   * What is noted of the request.
   *
   * @throws StoreException if nobody can tell now
   */
  State state(String request) throws InterruptedException;

  /**
   * Notes in the background that the caller has the answer. Without a mark that is kept for ten
   * minutes only; if it is lost, the request may be answered again.
   */
  void answered(String request);

  /** Forgets, in the background, a request that is through; a note that remains does no harm. */
  void forget(String request);
}
