package dev.spectacles.proxy.domain.entity;

import static java.util.Objects.requireNonNull;

/**
 * Event of Discord's gateway. Source: Discord docs, Gateway Events, "Payload Structure".
 *
 * @param name {@code t}, such as {@code GUILD_CREATE}
 * @param data {@code d}
 * @param millis when it was published, as far as the broker can tell, else when it was received;
 *     milliseconds since 1970
 */
public record GatewayEvent(String name, JsonObject data, long millis) {
  public GatewayEvent {
    requireNonNull(name, "name");
    requireNonNull(data, "data");
  }
}
