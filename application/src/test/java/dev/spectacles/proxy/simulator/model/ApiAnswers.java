package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.world.RestAnswer;
import java.util.Map;

/** Writes what the API answers where no limit is in the way. */
final class ApiAnswers {
  private final boolean rawEcho;

  ApiAnswers(boolean rawEcho) {
    this.rawEcho = rawEcho;
  }

  /** The answer to a request that is carried out. */
  Outcome success(
      SimRequest request, ApiPath path, int status, Map<String, String> fields, String id) {
    if (rawEcho) {
      var type = request.headers().getOrDefault("content-type", "application/octet-stream");
      return Outcome.of(Decision.ACCEPTED, status, type, request.body());
    }
    var body =
        switch (request.method() + " " + path.path()) {
          case "GET /users/@me" -> user();
          case "GET /gateway" -> "{\"url\": \"wss://gateway.discord.gg\"}";
          case "GET /gateway/bot" -> gatewayBot();
          default -> echo(request, path, fields, id);
        };
    return Outcome.of(Decision.ACCEPTED, status, Outcome.JSON, body);
  }

  /** What the world says. */
  Outcome told(RestAnswer answer) {
    var decision =
        switch (answer.status()) {
          case 403 -> Decision.FORBIDDEN;
          case 404 -> Decision.NOT_FOUND;
          default -> Decision.ACCEPTED;
        };
    return Outcome.of(decision, answer.status(), Outcome.JSON, answer.body());
  }

  Outcome unauthorized() {
    return Outcome.error(Decision.UNAUTHORIZED, 401, 0, "401: Unauthorized").viaApi();
  }

  Outcome forbidden() {
    return Outcome.error(Decision.FORBIDDEN, 403, 50013, "Missing Permissions");
  }

  Outcome missing(Resources.Missing missing) {
    return Outcome.error(Decision.NOT_FOUND, 404, missing.code(), missing.message());
  }

  Outcome outsideApi() {
    return Outcome.error(Decision.NOT_FOUND, 404, 0, "404: Not Found").viaApi();
  }

  Outcome badVersion() {
    return Outcome.error(Decision.BAD_REQUEST, 400, 50041, "Invalid API version provided").viaApi();
  }

  /** Cloudflare's refusal of a client that does not name itself as Discord wants it. */
  Outcome blockedUserAgent() {
    return Outcome.error(Decision.BLOCKED_USER_AGENT, 403, 40333, "internal network error");
  }

  /** An injected error; only 500 and 503 come from the API itself. */
  Outcome failure(Decision decision, int status) {
    if (status == 500 || status == 503) {
      return Outcome.error(decision, status, 0, status + ": Internal Server Error").viaApi();
    }
    var page = "<html><head><title>%d</title></head><body>cloudflare</body></html>";
    return Outcome.of(decision, status, Outcome.HTML, page.formatted(status));
  }

  private static String echo(
      SimRequest request, ApiPath path, Map<String, String> fields, String id) {
    return """
    {"id": %s, "method": %s, "path": %s, "query": %s, "length": %d, "nonce": %s}\
    """
        .formatted(
            JsonFields.quote(id),
            JsonFields.quote(request.method()),
            JsonFields.quote(path.path()),
            JsonFields.quote(path.query()),
            request.body().length,
            JsonFields.quote(fields.getOrDefault("nonce", "")));
  }

  private static String user() {
    return "{\"id\": \"80351110224678912\", \"username\": \"simulated\", \"discriminator\": \"0\","
        + " \"global_name\": null, \"avatar\": null, \"bot\": true, \"verified\": true,"
        + " \"flags\": 0}";
  }

  private static String gatewayBot() {
    return "{\"url\": \"wss://gateway.discord.gg\", \"shards\": 1, \"session_start_limit\":"
        + " {\"total\": 1000, \"remaining\": 999, \"reset_after\": 14400000,"
        + " \"max_concurrency\": 1}}";
  }
}
