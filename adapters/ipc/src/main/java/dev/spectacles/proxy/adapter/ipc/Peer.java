package dev.spectacles.proxy.adapter.ipc;

import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_REQUEST_FORMAT;

import dev.spectacles.proxy.adapter.wire.IpcCodec;
import dev.spectacles.proxy.adapter.wire.IpcKey;
import dev.spectacles.proxy.adapter.wire.IpcMessage;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Process at the other end of a connection.
 *
 * <p>Two threads belong to it, one per direction. Who has ended its input still gets its answers;
 * the connection is closed when there is none left to give.
 */
final class Peer {
  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
  private static final byte[] NOTHING = {};

  /** What a broker hears of it, on its threads. */
  interface Listener {
    /** A message came; nothing else is read until this returns. */
    void arrived(Peer peer, IpcMessage message, long size) throws InterruptedException;

    /** Nothing will come any more. */
    void inputEnded(Peer peer) throws InterruptedException;

    /** Nothing can be written any more. */
    void outputFailed(Peer peer);

    /** It is closed. */
    void closed(Peer peer);
  }

  /**
   * What holds for every peer.
   *
   * @param event name that answers bear
   * @param longest bytes that a line may have
   * @param patience how long it may take nothing before an answer is given up
   * @param mostAnswers that may wait to be written
   */
  record Terms(String event, int longest, Duration patience, int mostAnswers) {}

  private final Connection connection;
  private final Terms terms;
  private final Listener listener;
  private final SparingLog log;
  private final LineReader lines;
  private final Outbox outbox;
  // The reader, and every request that waits for its answer.
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean closed;

  Peer(Connection connection, Terms terms, Listener listener, Clock clock) {
    this.connection = connection;
    this.terms = terms;
    this.listener = listener;
    this.log = new SparingLog(LOG, clock);
    this.lines = new LineReader(connection.in(), terms.longest());
    this.outbox = new Outbox(connection.out(), clock, terms.patience(), terms.mostAnswers());
  }

  void start() {
    connection.thread("out", this::write).start();
    connection.thread("in", this::read).start();
  }

  String name() {
    return connection.name();
  }

  boolean isParent() {
    return connection.isParent();
  }

  /** Somebody is going to answer it; {@link #release} says that it is done. */
  void retain() {
    users.incrementAndGet();
  }

  void release() {
    // The streams of a parent end with the process.
    if (users.decrementAndGet() == 0 && !isParent()) {
      close();
    }
  }

  /** Writes an answer; returns whether the other side took it. */
  boolean answer(IpcKey key, ProxyResponse response) throws InterruptedException {
    return judge(outbox.send(out -> IpcCodec.writeAnswer(out, terms.event(), key, response)));
  }

  /** Has an answer written without waiting for it. */
  void offer(IpcKey key, ProxyResponse response) {
    outbox.offer(out -> IpcCodec.writeAnswer(out, terms.event(), key, response));
  }

  /** Has a line written without waiting for it; nothing if there is no room for it. */
  Optional<Outbox.Item> offer(byte[] line) {
    return outbox.offer(out -> out.write(line));
  }

  /** Waits for a line that was offered; returns whether the other side took it. */
  boolean await(Outbox.Item offered) throws InterruptedException {
    return judge(outbox.await(offered));
  }

  /** Waits until what was offered is written, for this long at most. */
  void flush(Duration within) throws InterruptedException {
    outbox.flush(within);
  }

  void close() {
    closed = true;
    outbox.close();
    try {
      connection.closing().close();
    } catch (IOException e) {
      LOG.debug("{} did not close: {}", name(), e.getMessage());
    }
    listener.closed(this);
  }

  private boolean judge(Outbox.Sent sent) {
    return switch (sent) {
      case YES -> true;
      case NO -> false;
      case STUCK -> {
        log.warn(name() + " does not read its answers" + (isParent() ? "" : ", and is hung up on"));
        if (!isParent()) {
          close();
        }
        yield false;
      }
    };
  }

  private void read() {
    try {
      Optional<Line> line = lines.next();
      while (line.isPresent()) {
        take(line.get());
        line = lines.next();
      }
    } catch (IOException e) {
      LOG.debug("{} is not read any more: {}", name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      listener.inputEnded(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }

  private void write() {
    try {
      outbox.run();
    } catch (IOException e) {
      if (!closed) {
        LOG.debug("{} is not written to any more: {}", name(), e.getMessage());
        listener.outputFailed(this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Line line) throws InterruptedException {
    switch (line) {
      case Line.Whole whole -> {
        int length = Math.toIntExact(whole.length());
        try {
          Optional<IpcMessage> message = IpcCodec.decode(whole.bytes(), length);
          if (message.isPresent()) {
            listener.arrived(this, message.get(), length);
          }
        } catch (WireException e) {
          byte[] all = Arrays.copyOf(whole.bytes(), length);
          refuse(IpcCodec.findKey(all, NOTHING), String.valueOf(e.getMessage()));
        }
      }
      case Line.TooLong tooLong ->
          refuse(
              IpcCodec.findKey(tooLong.head(), tooLong.tail()),
              "line: %d bytes (expected: at most %d, see ipc.max_line_bytes)"
                  .formatted(tooLong.length(), terms.longest()));
    }
  }

  private void refuse(Optional<IpcKey> key, String problem) throws InterruptedException {
    if (key.isPresent()) {
      answer(key.get(), new ProxyResponse.Failure(INVALID_REQUEST_FORMAT, problem));
    } else {
      log.warn(name() + " sent what is no message, and cannot be answered: " + problem);
    }
  }
}
