package dev.spectacles.proxy.simulator.model;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it reaches Discord.
 *
 * @param path with its query
 * @param headers by lower-case name
 */
public record SimRequest(
    String method, String path, Map<String, String> headers, byte[] body, String sourceIp) {
  public static final String USER_AGENT = "DiscordBot (https://example.org, 1.0)";

  public SimRequest {
    headers = Map.copyOf(headers);
  }

  /** A well-formed request without body and Authorization, from 192.0.2.1. */
  public static SimRequest of(String method, String path) {
    return new SimRequest(method, path, Map.of("user-agent", USER_AGENT), new byte[0], "192.0.2.1");
  }

  /** Replaces a header. */
  public SimRequest header(String name, String value) {
    var changed = new HashMap<>(headers);
    changed.put(name.toLowerCase(Locale.ROOT), value);
    return new SimRequest(method, path, changed, body, sourceIp);
  }

  public SimRequest authorization(String value) {
    return header("authorization", value);
  }

  public SimRequest json(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return new SimRequest(method, path, headers, bytes, sourceIp)
        .header("content-type", "application/json");
  }

  public SimRequest from(String ip) {
    return new SimRequest(method, path, headers, body, ip);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The Authorization header, empty without one. */
  public String authorization() {
    return headers.getOrDefault("authorization", "");
  }
}
