package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.model.SimRequest;
import java.io.IOException;

/** Takes a request the simulated way to Discord and its answer back. */
final class ApiHandler implements HttpListener.Handler {
  private final LiveDiscord discord;
  private final MonotonicClock clock;
  private final StallDetector stalls;

  ApiHandler(LiveDiscord discord, MonotonicClock clock, StallDetector stalls) {
    this.discord = discord;
    this.clock = clock;
    this.stalls = stalls;
  }

  @Override
  public boolean handle(WireRequest request, HttpConnection connection)
      throws IOException, InterruptedException {
    var received = discord.received();
    var delays = received.delays();
    delay(delays.forwardMicros());
    var simRequest =
        new SimRequest(
            request.method(),
            request.target(),
            request.headers(),
            request.body(),
            connection.clientIp());
    var answer = discord.arrive(received, simRequest, request.receivedMicros());
    try {
      delay(delays.processingMicros() + delays.backMicros());
      return new AnswerWriter(connection, clock, request).write(answer);
    } finally {
      discord.answered(received, answer);
    }
  }

  private void delay(long micros) throws InterruptedException {
    var end = clock.micros() + micros;
    stalls.woke(end, clock.waitUntil(end));
  }
}
