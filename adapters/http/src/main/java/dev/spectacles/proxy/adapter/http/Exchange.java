package dev.spectacles.proxy.adapter.http;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.in.ServeCaller;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on a thread of its own.
 *
 * <p>A caller who goes away ends the wait, but not an exchange with Discord that is under way: what
 * it brings is learnt all the same.
 */
final class Exchange implements Runnable, ServeCaller.Call, HandleRequest.SentMarker {
  static final Refusal NO_ROOM =
      Refusal.later("no room: as much is held as may be (broker.max_held, broker.max_held_bytes)");

  /** What a request takes beside its body. */
  private static final long OVERHEAD = 1024;

  private final RequestHead head;
  private final Connection connection;
  private final HttpSettings settings;
  private final ServeCaller callers;
  private final IncomingBody body;
  private final Optional<ServeCaller.Room> roomAtOnce;
  private final ReentrantLock lock = new ReentrantLock();
  private byte[] bytes = {};
  private @Nullable Thread thread;
  private boolean gone;
  private boolean sending;
  private boolean sent;

  /** Takes room if there is any now. */
  Exchange(
      RequestHead head,
      Connection connection,
      HttpSettings settings,
      ServeCaller callers,
      IncomingBody body) {
    this.head = head;
    this.connection = connection;
    this.settings = settings;
    this.callers = callers;
    this.body = body;
    this.roomAtOnce = callers.tryHold(roomNeeded());
  }

  private long roomNeeded() {
    return OVERHEAD + Math.max(head.bodyLength(), 0);
  }

  RequestHead head() {
    return head;
  }

  /** Whether its body may be read before its thread says so. */
  boolean hasRoom() {
    return roomAtOnce.isPresent();
  }

  /** Gives back what it took, if it is not going to run. */
  void discard() {
    roomAtOnce.ifPresent(ServeCaller.Room::close);
  }

  @Override
  public void run() {
    lock.lock();
    try {
      thread = Thread.currentThread();
      if (gone) {
        discard();
        return;
      }
    } finally {
      lock.unlock();
    }
    try {
      answer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer() throws InterruptedException {
    try {
      serve();
    } catch (RefusedException e) {
      connection.reply(this, e.refusal().toAnswer());
    } catch (InterruptedException e) {
      if (!isGone()) {
        // The proxy stops. Nobody else can get this request: the caller has to know how it is.
        connection.reply(this, whyStopped().toAnswer());
      }
      throw e;
    }
  }

  private void serve() throws RefusedException, InterruptedException {
    Optional<ServeCaller.Room> room =
        roomAtOnce.isPresent() ? roomAtOnce : callers.hold(roomNeeded(), settings.times().room());
    if (room.isEmpty()) {
      throw new RefusedException(NO_ROOM);
    }
    try (ServeCaller.Room held = room.get()) {
      if (roomAtOnce.isEmpty()) {
        connection.readOn(this);
      }
      if (head.bodyLength() != 0) {
        bytes = body.readAll(head.bodyLength(), held, () -> connection.readOn(this));
      }
      callers.serve(this);
    }
  }

  private Refusal whyStopped() {
    lock.lock();
    try {
      return sent
          ? Refusal.of(
              502,
              "REQUEST_FAILURE",
              "outcome unknown: the proxy stopped before Discord's answer came")
          : Refusal.later("the proxy is stopping; the request was not sent");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ProxyRequest request() throws InvalidRequestException {
    return head.toRequest(bytes, settings.apiVersion());
  }

  @Override
  public HandleRequest.SentMarker marker() {
    return this;
  }

  @Override
  public boolean reply(ProxyResponse response) throws InterruptedException {
    boolean maybeSent;
    lock.lock();
    try {
      maybeSent = sent;
      // From here on there is nothing to break off.
      sending = true;
    } finally {
      lock.unlock();
    }
    return connection.reply(this, Answer.of(response, maybeSent));
  }

  /** Nobody waits for the answer any more. */
  void callerGone() {
    lock.lock();
    try {
      gone = true;
      if (thread != null && !sending) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isGone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void mark() throws InterruptedException {
    if (isGone()) {
      throw new InterruptedException("the caller went away");
    }
  }

  @Override
  public void sending() {
    lock.lock();
    try {
      sending = true;
      sent = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void waitingAgain() throws InterruptedException {
    lock.lock();
    try {
      sending = false;
      if (gone) {
        throw new InterruptedException("the caller went away");
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean again(Duration pause) {
    return !isGone();
  }
}
