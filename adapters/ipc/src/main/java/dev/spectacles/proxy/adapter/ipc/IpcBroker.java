package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.wire.IpcCodec;
import dev.spectacles.proxy.adapter.wire.IpcMessage;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** For events of a parent whose input has ended; who cannot deal with them by then never will. */
  private static final Duration LAST_EVENTS = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final BrokerContext context;
  private final Clock clock;
  private final Peer.Terms terms;
  private final Inbox<IpcDelivery> inbox;
  private final SparingLog log;
  private final AtomicLong count = new AtomicLong();
  private final Map<String, IpcEventStream> streams = new ConcurrentHashMap<>();
  private final UnreadEvents unread;
  private final AtomicBoolean started = new AtomicBoolean();
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
    this.unread = new UnreadEvents(context.event());
  }

  @Override
  public void start() {
    started.set(true);
    endpoint.start(this::connected);
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    return List.copyOf(inbox.take(atMost, wait));
  }

  /** Reaches who is connected now, and the subscribers of this process. */
  @Override
  public void publish(String event, byte[] payload) throws InterruptedException {
    if (event.isEmpty()) {
      throw new IllegalArgumentException("event: empty (expected: a name)");
    }
    List<Peer> all = connected();
    byte[] line = IpcCodec.encodeEvent(event, payload);
    var offered = new LinkedHashMap<Peer, Outbox.Item>();
    all.forEach(peer -> peer.offer(line).ifPresent(item -> offered.put(peer, item)));
    String id = nextId();
    for (IpcEventStream stream : readersOf(event)) {
      if (!stream.offer(id, event, payload, terms.patience())) {
        throw new BrokerException(event + ": not taken by a subscriber of this process");
      }
    }
    boolean taken = all.isEmpty();
    for (var each : offered.entrySet()) {
      taken |= each.getKey().await(each.getValue());
    }
    if (!taken) {
      throw new BrokerException(event + ": not taken by any of " + all.size() + " peers");
    }
  }

  @Override
  public EventStream events(String subscriber, List<String> names) {
    if (subscriber.isEmpty() || names.isEmpty() || names.contains("")) {
      throw new IllegalArgumentException(
          "events: names " + names + " for \"" + subscriber + "\" (expected: none empty)");
    }
    if (started.get()) {
      throw new IllegalStateException("broker: started (expected: events before its start)");
    }
    var stream = new IpcEventStream(names, new Inbox<>(READ_AHEAD, terms.longest(), clock));
    if (streams.putIfAbsent(subscriber, stream) != null) {
      throw new IllegalStateException(
          "subscriber: " + subscriber + " reads already (expected: once in a process)");
    }
    return stream;
  }

  /** That nobody is connected is no absence: whoever comes is served. */
  @Override
  public Optional<String> absence() {
    lock.lock();
    try {
      return started.get() && !closed
          ? Optional.empty()
          : Optional.of("ipc broker: not started, or closed");
    } finally {
      lock.unlock();
    }
  }

  /** What was read and not taken yet; what is still in the pipes of others is not known. */
  @Override
  public OptionalLong backlog() {
    return OptionalLong.of(inbox.size());
  }

  /** Whoever asks from now on is told that the proxy stops: nobody else could serve them. */
  @Override
  public void drain() {
    inbox.drain().forEach(IpcDelivery::giveUp);
    streams.values().forEach(IpcEventStream::close);
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
    long lost = streams.values().stream().mapToLong(IpcEventStream::unsettled).sum();
    if (lost > 0) {
      LOG.warn("{} events were not dealt with before the proxy stopped, and are lost", lost);
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

  private List<Peer> connected() {
    lock.lock();
    try {
      if (!started.get() || closed) {
        throw new BrokerException("ipc: not published, as the broker does not serve");
      }
      return List.copyOf(peers);
    } finally {
      lock.unlock();
    }
  }

  private List<IpcEventStream> readersOf(String event) {
    return streams.values().stream().filter(stream -> stream.reads(event)).toList();
  }

  private String nextId() {
    return context.instance() + "-" + count.incrementAndGet();
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
        told(peer, message);
        return;
      }
      var delivery = new IpcDelivery(nextId(), peer, message, size, clock, held::remove);
      held.add(delivery);
      if (!inbox.put(delivery, size)) {
        delivery.giveUp();
      }
    }

    private void told(Peer peer, IpcMessage message) throws InterruptedException {
      List<IpcEventStream> readers = readersOf(message.event());
      if (readers.isEmpty()) {
        unread.came(peer.name(), message.event());
        return;
      }
      String id = nextId();
      for (IpcEventStream reader : readers) {
        reader.put(id, message.event(), message.payload());
      }
    }

    @Override
    public void inputEnded(Peer peer) throws InterruptedException {
      if (peer.isParent()) {
        inbox.awaitEmpty();
        awaitEvents();
        ended("nothing more will come over " + peer.name());
      }
    }

    /** Requests are held by now, and waited for when the proxy stops; events are not. */
    private void awaitEvents() throws InterruptedException {
      long end = clock.nanoTime() + LAST_EVENTS.toNanos();
      for (IpcEventStream stream : streams.values()) {
        stream.awaitSettled(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
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
