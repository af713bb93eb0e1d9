package dev.spectacles.proxy.adapter.http;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.service.HeldBudget;
import dev.spectacles.proxy.application.service.ServeCallers;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A front door on a free port, with a handler in place of the limiter and Discord. */
final class OpenDoor implements AutoCloseable {
  /** Short enough for tests to wait for. */
  static final HttpSettings.Times SHORT =
      new HttpSettings.Times(
          Duration.ofMillis(400),
          Duration.ofMillis(800),
          Duration.ofMillis(400),
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2));

  final List<ProxyRequest> seen = new CopyOnWriteArrayList<>();
  final HttpFrontDoor door;

  /** With the usual times, and no secret. */
  OpenDoor(HandleRequest handler) throws IOException, InterruptedException {
    this(handler, Optional.empty(), HttpSettings.Times.USUAL, new HeldBudget(100, 64 << 20));
  }

  OpenDoor(
      HandleRequest handler, Optional<String> secret, HttpSettings.Times times, HeldBudget budget)
      throws IOException, InterruptedException {
    HandleRequest watched =
        (request, route, deadline, marker) -> {
          seen.add(request);
          return handler.handle(request, route, deadline, marker);
        };
    var clock = new RealClock();
    door =
        new HttpFrontDoor(
            new HttpSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                10,
                secret,
                16 << 20,
                50,
                times),
            new ServeCallers(
                watched,
                budget,
                clock,
                ProxyEvents.NOOP,
                new ServeCallers.Settings(Optional.empty(), Optional.empty(), false)),
            clock);
    door.start();
  }

  /** Answers everything with the body it came with. */
  static HandleRequest echo() {
    return (request, route, deadline, marker) -> ok(request.body(), Map.of());
  }

  static ProxyResponse ok(Body body, Map<String, String> headers) {
    return new ProxyResponse.Http(200, Headers.of(headers), "http://discord/api/v10", body);
  }

  int port() {
    return door.address().getPort();
  }

  URI url(String target) {
    return URI.create("http://127.0.0.1:" + port() + target);
  }

  RawCaller caller() throws IOException {
    return new RawCaller(port());
  }

  @Override
  public void close() {
    door.close();
  }
}
