package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.copy;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was written in channels, and the bot's reactions to it. */
final class Messages {
  private static final long DISCORD_EPOCH_MILLIS = 1_420_070_400_000L;
  private static final List<String> EDITABLE =
      List.of("content", "embeds", "flags", "components", "attachments");

  private final Map<Long, TreeMap<Long, Map<String, Object>>> channels = new HashMap<>();
  private long lastId;

  /** Id made now that nothing else of this kind has. */
  long newId(long millis) {
    lastId = Math.max(lastId + 1, (millis - DISCORD_EPOCH_MILLIS) << 22);
    return lastId;
  }

  /** Writes a message; empty if there would be nothing in it. */
  Optional<Map<String, Object>> create(
      long channel, Map<String, Object> author, Form form, long millis) {
    var fields = form.fields();
    boolean nothing =
        fields.getOrDefault("content", "").equals("")
            && !(fields.get("embeds") instanceof List<?> embeds && !embeds.isEmpty())
            && form.files().isEmpty();
    if (nothing) {
      return Optional.empty();
    }
    long message = newId(millis);
    var written =
        object(
            "type",
            0,
            "id",
            id(message),
            "channel_id",
            id(channel),
            "author",
            author,
            "content",
            fields.getOrDefault("content", ""),
            "timestamp",
            Shapes.time(millis),
            "edited_timestamp",
            NULL);
    for (String flag : List.of("tts", "mention_everyone", "pinned")) {
      written.put(flag, false);
    }
    for (String list : List.of("mentions", "mention_roles", "components")) {
      written.put(list, new ArrayList<>());
    }
    written.put("embeds", fields.getOrDefault("embeds", new ArrayList<>()));
    written.put("attachments", attachments(channel, form, List.of(), millis));
    written.put("flags", fields.getOrDefault("flags", 0));
    if (fields.containsKey("nonce")) {
      written.put("nonce", fields.get("nonce"));
    }
    in(channel).put(message, written);
    return Optional.of(written);
  }

  /** A message; empty if there is none. */
  Optional<Map<String, Object>> find(long channel, long message) {
    return Optional.ofNullable(in(channel).get(message));
  }

  /** The newest ones, the last one first. */
  List<Object> latest(long channel, int limit) {
    return in(channel).descendingMap().values().stream()
        .limit(limit)
        .<Object>map(message -> message)
        .toList();
  }

  void edit(Map<String, Object> message, Form form, long millis) {
    var changes = copy(form.fields());
    changes.keySet().retainAll(EDITABLE);
    if (changes.get("attachments") instanceof List<?> || !form.files().isEmpty()) {
      var kept = message.get("attachments") instanceof List<?> before ? before : List.of();
      long channel = Long.parseLong((String) message.get("channel_id"));
      changes.put("attachments", attachments(channel, form, kept, millis));
    }
    message.putAll(changes);
    message.put("edited_timestamp", Shapes.time(millis));
  }

  /** Whether there was one. */
  boolean delete(long channel, long message) {
    return in(channel).remove(message) != null;
  }

  /** Adds the bot's reaction, or takes it away. */
  void react(Map<String, Object> message, String emoji, boolean on) {
    var reactions = new ArrayList<Object>(reactions(message));
    reactions.removeIf(reaction -> isOf(reaction, emoji));
    if (on) {
      reactions.add(
          object(
              "emoji",
              emojiObject(emoji),
              "count",
              1,
              "count_details",
              object("burst", 0, "normal", 1),
              "burst_colors",
              List.of(),
              "me_burst",
              false,
              "burst_me",
              false,
              "me",
              true,
              "burst_count",
              0));
    }
    message.put("reactions", reactions);
  }

  /** Whether the bot has reacted with it. */
  boolean hasReaction(Map<String, Object> message, String emoji) {
    return reactions(message).stream().anyMatch(reaction -> isOf(reaction, emoji));
  }

  private static List<?> reactions(Map<String, Object> message) {
    return message.get("reactions") instanceof List<?> reactions ? reactions : List.of();
  }

  private static boolean isOf(Object reaction, String emoji) {
    return reaction instanceof Map<?, ?> map && emojiObject(emoji).equals(map.get("emoji"));
  }

  /** An emoji as it is in a path: itself, or {@code name:id}. */
  private static Map<String, Object> emojiObject(String emoji) {
    int colon = emoji.indexOf(':');
    return colon < 0
        ? object("id", NULL, "name", emoji)
        : object("id", emoji.substring(colon + 1), "name", emoji.substring(0, colon));
  }

  /** Those that stay, as a write that lists any keeps no others, and those that came with it. */
  private List<Object> attachments(long channel, Form form, List<?> before, long millis) {
    var listed = form.fields().get("attachments") instanceof List<?> list ? list : List.of();
    var attachments = new ArrayList<Object>();
    for (Object attachment : before) {
      boolean kept = listed.stream().anyMatch(other -> idOf(other).equals(idOf(attachment)));
      if (kept || !form.fields().containsKey("attachments")) {
        attachments.add(attachment);
      }
    }
    for (Form.Upload file : form.files()) {
      long attachment = newId(millis);
      // The hash in an address of Discord's is a secret one of its own; this one tells the bytes.
      var place =
          "/attachments/%d/%d/%s?hm=%s".formatted(channel, attachment, file.name(), file.sha256());
      attachments.add(
          object(
              "id",
              id(attachment),
              "filename",
              file.name(),
              "size",
              file.size(),
              "url",
              "https://cdn.discordapp.com" + place,
              "proxy_url",
              "https://media.discordapp.net" + place,
              "content_type",
              file.type()));
    }
    return attachments;
  }

  private static Object idOf(Object object) {
    return object instanceof Map<?, ?> map && map.get("id") != null ? map.get("id") : "";
  }

  private TreeMap<Long, Map<String, Object>> in(long channel) {
    return channels.computeIfAbsent(channel, none -> new TreeMap<>());
  }
}
