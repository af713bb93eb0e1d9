package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.TraceId;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests off a broker, each on a virtual thread of its own, and answers them.
 *
 * <p>Reads no more than may be held. A request that cannot be answered any more, because this
 * process stops or lost it, is left with the broker for another instance.
 */
public final class ServeBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServeBroker.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration BROKER_RETRY = Duration.ofMillis(250);

  /**
   * Limits on what is taken and for how long.
   *
   * @param maxHeld requests held at a time
   * @param maxHeldBytes bytes of requests held at a time
   * @param maxAge older requests are not executed when they are delivered for the first time
   * @param timeout longest time from taking a request up to its answer
   */
  public record Settings(
      int maxHeld, long maxHeldBytes, Optional<Duration> maxAge, Optional<Duration> timeout) {}

  private final Broker broker;
  private final HandleRequest handler;
  private final Clock clock;
  private final ProxyEvents events;
  private final Settings settings;
  private final HeldBudget held;
  private final ExecutorService requests =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
  private final Thread reader;

  /** Those of the budget's requests that came from the broker. */
  private final AtomicInteger taken = new AtomicInteger();

  /** With a budget of its own; not started yet. */
  public ServeBroker(
      Broker broker, HandleRequest handler, Clock clock, ProxyEvents events, Settings settings) {
    this(
        broker,
        handler,
        clock,
        events,
        settings,
        new HeldBudget(settings.maxHeld(), settings.maxHeldBytes()));
  }

  /**
   * Not started yet.
   *
   * @param held what may be held, together with others
   */
  public ServeBroker(
      Broker broker,
      HandleRequest handler,
      Clock clock,
      ProxyEvents events,
      Settings settings,
      HeldBudget held) {
    this.broker = broker;
    this.handler = handler;
    this.clock = clock;
    this.events = events;
    this.settings = settings;
    this.held = held;
    this.reader = Thread.ofVirtual().name("broker-reader").unstarted(this::read);
  }

  /** Starts to take requests. */
  public void start() {
    broker.start();
    reader.start();
  }

  /**
   * Stops taking requests, gives those held this long to finish, and leaves the rest to others.
   *
   * @return how many were left
   */
  public int stop(Duration within) throws InterruptedException {
    long end = clock.nanoTime() + within.toNanos();
    broker.drain();
    reader.interrupt();
    reader.join(within);
    requests.shutdown();
    boolean finished = requests.awaitTermination(end - clock.nanoTime(), TimeUnit.NANOSECONDS);
    int left = taken.get();
    if (!finished) {
      requests.shutdownNow();
      if (!requests.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.warn("{} requests did not react to the stop", taken.get());
      }
    }
    return finished ? 0 : left;
  }

  /** What is held now, and what may be. */
  public Status.Held held() {
    return new Status.Held(
        held.requests(), settings.maxHeld(), held.bytes(), settings.maxHeldBytes());
  }

  /** Ends its threads; the broker is closed by whoever opened it. */
  @Override
  public void close() {
    reader.interrupt();
    requests.shutdownNow();
  }

  private void read() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        int atMost = held.awaitRoom();
        for (Delivery delivery : receive(atMost)) {
          take(delivery);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Delivery delivery) {
    taken.incrementAndGet();
    held.take(delivery.size());
    events.held(held.requests(), held.bytes());
    Work work = accept(delivery);
    try {
      requests.execute(() -> serve(delivery, work));
    } catch (RejectedExecutionException closed) {
      work.answer().abandon();
      give(delivery);
      LOG.debug("left to others id={}", delivery.id());
    }
  }

  private List<Delivery> receive(int atMost) throws InterruptedException {
    try {
      return broker.receive(atMost, POLL);
    } catch (BrokerException e) {
      LOG.warn("broker failed, trying again: {}", e.getMessage());
      clock.sleep(BROKER_RETRY);
      return List.of();
    } catch (RuntimeException e) {
      // A defect: without this thread nobody would ever be served again.
      LOG.error("broker failed unexpectedly, trying again", e);
      clock.sleep(BROKER_RETRY);
      return List.of();
    }
  }

  /** What is left to do for a delivery that was accepted: answer at once, or wait for its turn. */
  private record Work(Route route, Optional<TraceId> trace, long start, Answer answer) {}

  /** Way to an answer. */
  private interface Answer {
    ProxyResponse get() throws InterruptedException;

    /** Nobody is going to ask for it. */
    default void abandon() {}
  }

  /** Answer of a request that waits for its turn. */
  private record Waiting(Delivery delivery, ProxyRequest request, HandleRequest.Turn turn)
      implements Answer {
    @Override
    public ProxyResponse get() throws InterruptedException {
      boolean repeated = delivery.redelivered() && !request.method().isIdempotent();
      if (repeated && mayHaveBeenSent()) {
        turn.sentBefore();
        return Answers.outcomeUnknown();
      }
      return turn.await(delivery::markSent);
    }

    @Override
    public void abandon() {
      turn.cancel();
    }

    /** Whether it may have been sent; if that cannot be told, it leaves the line. */
    private boolean mayHaveBeenSent() throws InterruptedException {
      boolean told = false;
      try {
        boolean sent = delivery.mayHaveBeenSent();
        told = true;
        return sent;
      } finally {
        if (!told) {
          turn.cancel();
        }
      }
    }
  }

  /** On the reader's own thread, so that requests stand in line as they were published. */
  private Work accept(Delivery delivery) {
    long start = clock.nanoTime();
    Route route = Route.UNREADABLE;
    Optional<TraceId> trace = Optional.empty();
    events.requestReceived();
    try {
      ProxyRequest request = delivery.request();
      trace = TraceId.of(request.headers());
      route = RouteResolver.resolve(request, clock.wallTime());
      NotedTrace.begin(trace);
      return new Work(route, trace, start, respond(delivery, request, route, start));
    } catch (InvalidRequestException e) {
      return new Work(route, trace, start, e::toResponse);
    } catch (RuntimeException e) {
      ProxyResponse defect = defect(delivery, route, e);
      return new Work(route, trace, start, () -> defect);
    } finally {
      NotedTrace.end();
    }
  }

  private void serve(Delivery delivery, Work work) {
    NotedTrace.begin(work.trace());
    try {
      settle(delivery, work, answer(delivery, work));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      LOG.debug("left to others id={}", delivery.id());
    } catch (BrokerException e) {
      LOG.warn(
          "request not settled, another instance may get it id={}: {}",
          delivery.id(),
          e.getMessage());
      delivery.abandon();
    } finally {
      NotedTrace.end();
      give(delivery);
      events.held(held.requests(), held.bytes());
    }
  }

  private void give(Delivery delivery) {
    held.give(delivery.size());
    taken.decrementAndGet();
  }

  private ProxyResponse answer(Delivery delivery, Work work) throws InterruptedException {
    try {
      return work.answer().get();
    } catch (BrokerException e) {
      throw e;
    } catch (StoreException e) {
      LOG.warn("rate limit store failed id={}: {}", delivery.id(), e.getMessage());
      return Answers.internal("the rate limit store does not answer");
    } catch (RuntimeException e) {
      return defect(delivery, work.route(), e);
    }
  }

  /** Whatever it is, the caller gets an answer and the request cannot come back for ever. */
  private static ProxyResponse defect(Delivery delivery, Route route, RuntimeException e) {
    LOG.error("request failed id={} route={}", delivery.id(), route.key(), e);
    return Answers.internal("see the proxy's log for " + delivery.id());
  }

  private void settle(Delivery delivery, Work work, ProxyResponse response)
      throws InterruptedException {
    boolean received = delivery.reply(response);
    if (!received) {
      events.replyLost();
    }
    Duration elapsed = Duration.ofNanos(clock.nanoTime() - work.start());
    events.requestFinished(work.route(), response, elapsed);
    LOG.debug(
        "request id={} route={} major={} status={} code={} received={} ms={}",
        delivery.id(),
        work.route().key(),
        work.route().major(),
        response.status().code(),
        response instanceof ProxyResponse.Http http ? http.code() : "-",
        received,
        elapsed.toMillis());
  }

  private Answer respond(Delivery delivery, ProxyRequest request, Route route, long start) {
    boolean tooOld = settings.maxAge().filter(age -> delivery.age().compareTo(age) > 0).isPresent();
    if (tooOld && !delivery.redelivered()) {
      events.expiredUnsent();
      return () ->
          Answers.timeout(
              "the request was %d s old when it was delivered for the first time, and was not sent"
                  .formatted(delivery.age().toSeconds()));
    }
    if (delivery.redelivered()) {
      events.redelivered();
    }
    Deadline deadline = deadline(delivery, request, start);
    return new Waiting(delivery, request, handler.enqueue(request, route, deadline));
  }

  /**
   * The shortest of the configured timeout, the request's own, and what the publisher put beside
   * it.
   */
  private Deadline deadline(Delivery delivery, ProxyRequest request, long start) {
    Deadline deadline = Deadline.none();
    for (Optional<Duration> timeout : List.of(settings.timeout(), request.timeout())) {
      if (timeout.isPresent()) {
        deadline = deadline.earlier(Deadline.after(timeout.get(), start));
      }
    }
    if (delivery.expiry().isPresent()) {
      Duration left = Duration.between(clock.wallTime(), delivery.expiry().get());
      deadline = deadline.earlier(Deadline.after(left, clock.nanoTime()));
    }
    return deadline;
  }
}
