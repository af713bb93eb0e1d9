package dev.spectacles.proxy.domain.entity;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Snowflake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What Discord's answers teach about the bot's world: each becomes the events that would have told
 * the same.
 */
public final class Lessons {
  private static final Set<String> APPROXIMATE =
      Set.of("approximate_member_count", "approximate_presence_count");

  /** Types of threads. Source: Discord docs, Channel, "Channel Types". */
  private static final Set<Long> THREADS = Set.of(10L, 11L, 12L);

  private static final int NOT_FOUND = 404;

  /** Digits that may be too many for 64 bits. */
  private static final int LONGEST = 20;

  /** Routes without their method, as {@link #shape} writes them, whose answers teach something. */
  private static final Set<String> ROUTES =
      Set.of(
          "guilds/#",
          "guilds/#/channels",
          "guilds/#/roles",
          "guilds/#/roles/#",
          "guilds/#/emojis",
          "guilds/#/stickers",
          "guilds/#/soundboard-sounds",
          "guilds/#/scheduled-events",
          "guilds/#/scheduled-events/#",
          "guilds/#/members/#",
          "channels/#");

  private Lessons() {}

  /** Whether such an answer may teach something. */
  public static boolean isOne(HttpMethod method, ApiPath path, int code) {
    boolean success = code == 200 || code == 201 || (code == 204 && method.is("DELETE"));
    return (success || code == NOT_FOUND) && ROUTES.contains(shape(PathSegments.of(path)));
  }

  /**
   * Events that would have told what an answer says.
   *
   * @param body of the answer: an object, an array, or empty
   * @param millis when the request was sent; milliseconds since 1970
   */
  public static List<GatewayEvent> of(
      HttpMethod method, ApiPath path, int code, Json body, long millis) {
    List<String> segments = PathSegments.of(path);
    var teaching = new Teaching(segments, body, millis);
    if (code == NOT_FOUND) {
      return teaching.gone(shape(segments), body);
    }
    return method.is("DELETE") ? teaching.deleted(shape(segments)) : teaching.told(shape(segments));
  }

  private static String shape(List<String> segments) {
    return segments.stream()
        .map(segment -> isId(segment) ? "#" : segment)
        .collect(Collectors.joining("/"));
  }

  /** Whether it is one that a long holds: others are nobody's. */
  private static boolean isId(String segment) {
    return Snowflake.isDigits(segment) && segment.length() < LONGEST;
  }

  /** One answer. */
  private record Teaching(List<String> segments, Json body, long millis) {
    List<GatewayEvent> told(String shape) {
      return switch (shape) {
        case "guilds/#" -> each(guild -> event("GUILD_UPDATE", guild.without(APPROXIMATE)));
        case "guilds/#/channels", "channels/#" -> each(this::channel);
        case "guilds/#/roles", "guilds/#/roles/#" ->
            each(role -> event("GUILD_ROLE_UPDATE", ofGuild("role", role)));
        case "guilds/#/emojis" -> list("GUILD_EMOJIS_UPDATE", "emojis");
        case "guilds/#/stickers" -> list("GUILD_STICKERS_UPDATE", "stickers");
        case "guilds/#/soundboard-sounds" -> sounds();
        case "guilds/#/scheduled-events", "guilds/#/scheduled-events/#" ->
            each(event -> event("GUILD_SCHEDULED_EVENT_UPDATE", event));
        case "guilds/#/members/#" ->
            each(member -> event("GUILD_MEMBER_UPDATE", member.with("guild_id", guild())));
        default -> List.of();
      };
    }

    List<GatewayEvent> deleted(String shape) {
      return switch (shape) {
        case "channels/#" ->
            each(channel -> event(isThread(channel) ? "THREAD_DELETE" : "CHANNEL_DELETE", channel));
        case "guilds/#/roles/#" -> List.of(event("GUILD_ROLE_DELETE", ofGuild("role_id", last())));
        default -> List.of();
      };
    }

    /** Only by Discord's own word for it: a 404 may also come from a path that is wrong. */
    List<GatewayEvent> gone(String shape, Json error) {
      long code = error instanceof JsonObject object ? object.number("code").orElse(0) : 0;
      return switch (shape + " " + code) {
        case "guilds/#/roles/# 10011" ->
            List.of(event("GUILD_ROLE_DELETE", ofGuild("role_id", last())));
        case "guilds/#/members/# 10007" ->
            List.of(
                event("GUILD_MEMBER_REMOVE", ofGuild("user", JsonObject.EMPTY.with("id", last()))));
        case "guilds/#/scheduled-events/# 10070" ->
            List.of(event("GUILD_SCHEDULED_EVENT_DELETE", ofGuild("id", last())));
        default -> List.of();
      };
    }

    /** Of a guild: a direct message's channel is not kept. */
    private GatewayEvent channel(JsonObject channel) {
      JsonObject whole =
          channel.has("guild_id") || !segments.getFirst().equals("guilds")
              ? channel
              : channel.with("guild_id", guild());
      return event(isThread(whole) ? "THREAD_UPDATE" : "CHANNEL_UPDATE", whole);
    }

    private static boolean isThread(JsonObject channel) {
      return THREADS.contains(channel.number("type").orElse(0));
    }

    private List<GatewayEvent> sounds() {
      return body instanceof JsonObject object
          ? object.get("items").stream()
              .map(items -> ofGuild("soundboard_sounds", items))
              .map(data -> event("GUILD_SOUNDBOARD_SOUNDS_UPDATE", data))
              .toList()
          : List.of();
    }

    private List<GatewayEvent> list(String name, String member) {
      return body instanceof JsonArray array
          ? List.of(event(name, ofGuild(member, array)))
          : List.of();
    }

    private List<GatewayEvent> each(Function<JsonObject, GatewayEvent> toEvent) {
      List<JsonObject> objects =
          switch (body) {
            case JsonObject object -> List.of(object);
            case JsonArray array -> array.objects();
            case JsonScalar any -> List.of();
          };
      var events = new ArrayList<GatewayEvent>();
      objects.forEach(object -> events.add(toEvent.apply(object)));
      return events;
    }

    private GatewayEvent event(String name, JsonObject data) {
      return new GatewayEvent(name, data, millis);
    }

    private JsonObject ofGuild(String member, Json value) {
      var data = new LinkedHashMap<String, Json>();
      data.put("guild_id", guild());
      data.put(member, value);
      return JsonObject.of(data);
    }

    private JsonScalar guild() {
      return JsonScalar.ofId(Long.parseUnsignedLong(segments.get(1)));
    }

    private JsonScalar last() {
      return JsonScalar.ofId(Long.parseUnsignedLong(segments.getLast()));
    }
  }
}
