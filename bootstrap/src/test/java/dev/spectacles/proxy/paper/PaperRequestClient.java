package dev.spectacles.proxy.paper;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Optional;

/** Worker at a desk. */
record PaperRequestClient(PaperDesk desk, String event) implements RequestClient {
  private static final byte[] NOTE = {1};

  @Override
  public Optional<ProxyResponse> call(Call call, Duration timeout) throws InterruptedException {
    byte[] request =
        RequestCodec.encode(call.method(), call.path(), call.query(), call.headers(), call.body());
    String id = desk.request(event, request, Optional.of(desk.clock().wallTime().plus(timeout)));
    listen(id);
    return answer(id, timeout);
  }

  /** Is there for the answer from now on. */
  void listen(String id) {
    desk.write("listening", id, NOTE);
  }

  /** The answer, if it comes in that time. */
  Optional<ProxyResponse> answer(String id, Duration wait) throws InterruptedException {
    try {
      return desk.await("answers", id, wait)
          ? Optional.of(ResponseCodec.decode(desk.read("answers", id)))
          : Optional.empty();
    } catch (WireException e) {
      throw new BrokerException("Answer to " + id + " is unreadable: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    // Nothing of it outlives a call.
  }
}
