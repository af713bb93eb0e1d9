package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.model.SimRequest;
import java.io.IOException;

/** Takes a request the simulated way to Discord and its answer back. */
final class ApiHandler implements HttpListener.Handler {
  private final LiveDiscord discord;
  private final MonotonicClock clock;

  ApiHandler(LiveDiscord discord, MonotonicClock clock) {
    this.discord = discord;
    this.clock = clock;
  }

  @Override
  public boolean handle(WireRequest request, HttpConnection connection)
      throws IOException, InterruptedException {
    var received = discord.received();
    var delays = received.delays();
    clock.waitUntil(request.receivedMicros() + delays.forwardMicros());
    var simRequest =
        new SimRequest(
            request.method(),
            request.target(),
            request.headers(),
            request.body(),
            connection.clientIp());
    var answer = discord.arrive(received, simRequest, request.receivedMicros());
    try {
      clock.waitUntil(clock.micros() + delays.processingMicros() + delays.backMicros());
      return new AnswerWriter(connection, clock, request).write(answer);
    } finally {
      discord.answered(received, answer);
    }
  }
}
