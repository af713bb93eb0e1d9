package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.oracle.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A decision with the answer that tells it. */
record Outcome(Decision decision, int status, List<Header> headers, byte[] body) {
  static final String JSON = "application/json";
  static final String HTML = "text/html; charset=UTF-8";

  /** An outcome without headers but the content type. */
  static Outcome of(Decision decision, int status, String contentType, String body) {
    return of(decision, status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  static Outcome of(Decision decision, int status, String contentType, byte[] body) {
    return status == 204
        ? new Outcome(decision, status, List.of(), new byte[0])
        : new Outcome(decision, status, List.of(new Header("Content-Type", contentType)), body);
  }

  static Outcome error(Decision decision, int status, int code, String message) {
    return of(
        decision,
        status,
        JSON,
        "{\"message\": %s, \"code\": %d}".formatted(JsonFields.quote(message), code));
  }

  Outcome with(List<Header> more) {
    var all = new ArrayList<>(headers);
    all.addAll(more);
    return new Outcome(decision, status, all, body);
  }

  Outcome with(String name, String value) {
    return with(List.of(new Header(name, value)));
  }

  /** Marks an answer of the API itself; what Cloudflare answers lacks this header. */
  Outcome viaApi() {
    return with("Via", "1.1 google");
  }
}
