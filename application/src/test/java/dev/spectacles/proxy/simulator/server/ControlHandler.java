package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.model.Header;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The control port: {@code GET /report}, {@code GET /ledger}, {@code GET /scenario}, {@code POST
 * /scenario} (replaces and resets), {@code POST /reset}, {@code POST /world} (a {@link
 * LiveWorld.Move} and how many times; tells the events, one per line) and {@code POST /script} (one
 * {@link Change} per line; the first that is refused ends it).
 */
final class ControlHandler implements HttpListener.Handler {
  private final LiveDiscord discord;

  private record Reply(int status, String text) {}

  ControlHandler(LiveDiscord discord) {
    this.discord = discord;
  }

  @Override
  public boolean handle(WireRequest request, HttpConnection connection) throws IOException {
    if (request.method().equals("GET") && request.target().equals("/ledger")) {
      return ledger(connection);
    }
    var reply = reply(request);
    var body = reply.text().getBytes(StandardCharsets.UTF_8);
    var headers =
        List.of(
            new Header("Content-Type", "text/plain; charset=UTF-8"),
            new Header("Content-Length", Integer.toString(body.length)));
    connection.head(reply.status(), headers);
    connection.body(body, 0, body.length);
    connection.flush();
    return request.keepAlive();
  }

  private Reply reply(WireRequest request) {
    var text = new String(request.body(), StandardCharsets.UTF_8);
    try {
      return switch (request.method() + " " + request.target()) {
        case "GET /report" -> new Reply(200, discord.report().toText());
        case "GET /scenario" -> new Reply(200, discord.scenario().toText());
        case "POST /scenario" -> reset(Scenario.parse(text));
        case "POST /world" -> world(text.split(" "));
        case "POST /reset" -> reset(discord.scenario());
        case "POST /script" -> script(text);
        default -> new Reply(404, "no such control: " + request.target() + "\n");
      };
    } catch (IllegalArgumentException e) {
      return new Reply(400, e.getMessage() + "\n");
    }
  }

  /**
   * Writes line by line and ends with the connection: a full ledger would not fit in memory twice.
   */
  private boolean ledger(HttpConnection connection) throws IOException {
    connection.head(
        200,
        List.of(
            new Header("Content-Type", "text/plain; charset=UTF-8"),
            new Header("Connection", "close")));
    for (var entry : discord.ledger()) {
      var line = (entry.toText() + "\n").getBytes(StandardCharsets.UTF_8);
      connection.body(line, 0, line.length);
    }
    connection.flush();
    return false;
  }

  private Reply reset(Scenario scenario) {
    discord.reset(scenario);
    return new Reply(200, "reset\n");
  }

  private Reply world(String[] move) {
    var events = discord.move(LiveWorld.Move.valueOf(move[0]), Integer.parseInt(move[1]));
    var lines = events.stream().map(WorldEvent::toText).collect(Collectors.joining("\n"));
    return new Reply(200, lines);
  }

  private Reply script(String text) {
    var changes = text.lines().filter(line -> !line.isBlank()).map(Change::parse).toList();
    discord.apply(changes);
    return new Reply(200, "applied\n");
  }
}
