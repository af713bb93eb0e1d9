package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Webhooks of channels. */
final class Webhooks {
  private final TreeMap<Long, Map<String, Object>> webhooks = new TreeMap<>();

  Map<String, Object> create(
      long webhook, long channel, Map<String, Object> creator, Map<String, Object> fields) {
    var token = "hook-%d-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN".formatted(webhook);
    var made =
        object(
            "application_id",
            NULL,
            "avatar",
            NULL,
            "channel_id",
            id(channel),
            "guild_id",
            NULL,
            "id",
            id(webhook),
            "name",
            fields.getOrDefault("name", "Spidey Bot"),
            "type",
            1,
            "user",
            creator,
            "token",
            token,
            "url",
            "https://discord.com/api/webhooks/" + webhook + '/' + token);
    webhooks.put(webhook, made);
    return made;
  }

  Optional<Map<String, Object>> find(long webhook) {
    return Optional.ofNullable(webhooks.get(webhook));
  }

  /** The one with this token. */
  Optional<Map<String, Object>> find(long webhook, String token) {
    return find(webhook).filter(found -> found.get("token").equals(token));
  }

  List<Object> of(long channel) {
    return webhooks.values().stream()
        .filter(webhook -> webhook.get("channel_id").equals(id(channel)))
        .<Object>map(webhook -> webhook)
        .toList();
  }

  void delete(Map<String, Object> webhook) {
    webhooks.values().remove(webhook);
  }

  /** Who wrote a message, for others to see. */
  static Map<String, Object> author(Map<String, Object> webhook, Map<String, Object> fields) {
    return object(
        "id",
        webhook.get("id"),
        "username",
        fields.getOrDefault("username", webhook.get("name")),
        "avatar",
        NULL,
        "discriminator",
        "0000",
        "public_flags",
        0,
        "flags",
        0,
        "bot",
        true,
        "global_name",
        NULL);
  }
}
