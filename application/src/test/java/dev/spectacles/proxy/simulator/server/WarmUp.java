package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.scenario.DelaySpec;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;

/**
 * Requests to a fresh process, so that the first ones of a test do not pay for loading classes:
 * without them, delays of the first second were up to 90 ms late.
 */
final class WarmUp {
  private static final int CONNECTIONS = 8;
  private static final int REQUESTS = 50;

  private WarmUp() {}

  /** Leaves the simulator with a scenario of its own; reset it afterwards. */
  static void run(Simulator simulator) {
    var delay = DelaySpec.uniform(Duration.ofMillis(1), Duration.ofMillis(2));
    simulator.reset(
        Scenarios.realistic().toBuilder().delays(new Delays(delay, delay, delay)).build());
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        var channel = i;
        clients.execute(() -> converse(simulator.apiUrl(), channel));
      }
    }
    simulator.report().toText();
    simulator.ledger().forEach(entry -> entry.toText());
  }

  private static void converse(URI api, int channel) {
    var body = "{\"content\": \"warm\", \"nonce\": \"%d\"}".formatted(channel);
    var request =
        "POST %s/v10/channels/%d/messages HTTP/1.1\r\nHost: x\r\nUser-Agent: DiscordBot (x, 1)\r\n"
            + "Authorization: Bot warm\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s";
    var bytes =
        request
            .formatted(api.getPath(), channel, body.length(), body)
            .getBytes(StandardCharsets.US_ASCII);
    try (var socket = new Socket(api.getHost(), api.getPort());
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (int i = 0; i < REQUESTS; i++) {
        socket.getOutputStream().write(bytes);
        skipAnswer(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the simulator does not answer itself", e);
    }
  }

  private static void skipAnswer(BufferedReader in) throws IOException {
    var length = 0;
    for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      }
    }
    for (int i = 0; i < length; i++) {
      in.read();
    }
  }
}
