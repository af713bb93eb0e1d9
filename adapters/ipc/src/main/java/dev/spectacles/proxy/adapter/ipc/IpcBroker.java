package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.wire.IpcMessage;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker for other processes of this machine, each of which has its answers to itself. */
final class IpcBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(IpcBroker.class);

  /** Each may make a line of the longest kind, and has two threads. */
  private static final int MOST_PEERS = 64;

  /** Read ahead of what is asked for; what is held is bounded elsewhere. */
  private static final int READ_AHEAD = 128;

  private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Endpoint endpoint;
  private final BrokerContext context;
  private final Clock clock;
  private final Peer.Terms terms;
  private final Inbox<IpcDelivery> inbox;
  private final SparingLog log;
  private final AtomicLong count = new AtomicLong();
  private final Set<IpcDelivery> held = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Peer> peers = new HashSet<>();
  private boolean closed;

  IpcBroker(Endpoint endpoint, int longestLine, BrokerContext context) {
    this.endpoint = endpoint;
    this.context = context;
    this.clock = context.clock();
    Duration patience =
        context.replyPatience().compareTo(SHORTEST_PATIENCE) < 0
            ? SHORTEST_PATIENCE
            : context.replyPatience();
    this.terms =
        new Peer.Terms(context.event(), longestLine, patience, context.mostHeld() + READ_AHEAD);
    this.inbox = new Inbox<>(READ_AHEAD, longestLine, clock);
    this.log = new SparingLog(LOG, clock);
  }

  @Override
  public void start() {
    endpoint.start(this::connected);
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    return List.copyOf(inbox.take(atMost, wait));
  }

  /** Whoever asks from now on is told that the proxy stops: nobody else could serve them. */
  @Override
  public void drain() {
    inbox.drain().forEach(IpcDelivery::giveUp);
  }

  @Override
  public void close() {
    drain();
    List<Peer> last;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      last = List.copyOf(peers);
    } finally {
      lock.unlock();
    }
    endpoint.close();
    int left = held.size();
    if (left > 0) {
      LOG.info("{} requests are told that the proxy stops", left);
    }
    List.copyOf(held).forEach(IpcDelivery::giveUp);
    try {
      flush(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    last.forEach(Peer::close);
  }

  private void flush(List<Peer> last) throws InterruptedException {
    long end = clock.nanoTime() + LAST_WORDS.toNanos();
    for (Peer peer : last) {
      peer.flush(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
    }
  }

  private void connected(Connection connection) {
    var peer = new Peer(connection, terms, new PeerEvents(), clock);
    boolean welcome;
    lock.lock();
    try {
      welcome = !closed && peers.size() < MOST_PEERS;
      if (welcome) {
        peers.add(peer);
      } else if (!closed) {
        log.warn(
            "%s is hung up on: %d others are connected (expected: at most %d)"
                .formatted(connection.name(), peers.size(), MOST_PEERS));
      }
    } finally {
      lock.unlock();
    }
    if (welcome) {
      peer.start();
    } else {
      peer.close();
    }
  }

  /** What peers tell. */
  private final class PeerEvents implements Peer.Listener {
    @Override
    public void arrived(Peer peer, IpcMessage message, long size) throws InterruptedException {
      if (!message.event().equals(context.event())) {
        LOG.debug("{} sent an event that nobody here reads", peer.name());
        return;
      }
      String id = context.instance() + "-" + count.incrementAndGet();
      var delivery = new IpcDelivery(id, peer, message, size, clock, held::remove);
      held.add(delivery);
      if (!inbox.put(delivery, size)) {
        delivery.giveUp();
      }
    }

    @Override
    public void inputEnded(Peer peer) throws InterruptedException {
      if (peer.isParent()) {
        inbox.awaitEmpty();
        ended("nothing more will come over " + peer.name());
      }
    }

    @Override
    public void outputFailed(Peer peer) {
      if (peer.isParent()) {
        ended("nobody reads what is answered over " + peer.name());
      } else {
        peer.close();
      }
    }

    @Override
    public void closed(Peer peer) {
      lock.lock();
      try {
        peers.remove(peer);
      } finally {
        lock.unlock();
      }
    }

    private void ended(String what) {
      LOG.info("{}: the proxy stops", what);
      context.whenEnded().run();
    }
  }
}
