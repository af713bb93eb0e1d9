package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Optional;

/** Caller in the process of the proxy. */
final class LocalRequestClient implements RequestClient {
  /** The proxy's own word that the time is up comes just after that time. */
  private static final Duration LATE_ANSWER = Duration.ofSeconds(1);

  private final LocalExchange exchange;
  private final String event;
  private final Clock clock;

  LocalRequestClient(LocalExchange exchange, String event, Clock clock) {
    this.exchange = exchange;
    this.event = event;
    this.clock = clock;
  }

  @Override
  public Optional<ProxyResponse> call(Call call, Duration timeout) throws InterruptedException {
    if (!exchange.isServed()) {
      throw new BrokerException("The proxy of this process does not serve any more");
    }
    byte[] request =
        RequestCodec.encode(call.method(), call.path(), call.query(), call.headers(), call.body());
    var expiry = Optional.of(clock.wallTime().plus(timeout));
    LocalCaller caller = exchange.request(event, request, expiry, clock.nanoTime());
    try {
      caller.listen();
      // The last broker may have gone since it was asked for.
      exchange.refuseUnserved();
      return caller.await(timeout.plus(LATE_ANSWER));
    } finally {
      caller.leave();
    }
  }

  @Override
  public void close() {
    // Nothing of it outlives a call.
  }
}
