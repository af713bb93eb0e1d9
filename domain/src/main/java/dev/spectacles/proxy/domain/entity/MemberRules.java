package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.guild;
import static dev.spectacles.proxy.domain.entity.Fields.id;
import static dev.spectacles.proxy.domain.entity.Fields.user;
import static dev.spectacles.proxy.domain.entity.Fields.withGuild;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Members, voice states and presences. Who is known in part only, as from a message, is not kept:
 * such news go into what is known of a member, if anything is.
 */
final class MemberRules {
  /** Users join again, unlike anything else that is deleted. */
  private static final long BURIED_MILLIS = 5_000;

  private static final String USER = "user";
  private static final String MEMBER = "member";
  private static final String MEMBER_COUNT = "member_count";
  private static final Predicate<Json> TEXT =
      value -> value instanceof JsonScalar scalar && scalar.raw().startsWith("\"");
  private static final Predicate<Json> TEXT_OR_NULL = TEXT.or(JsonScalar.NULL::equals);

  private MemberRules() {}

  static Effect added(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    long user = user(event, event.data());
    JsonObject member = stored(event.data());
    return Touch.of(event, guild)
        .entity(EntityType.MEMBER, user)
        .entity(EntityType.GUILD, guild)
        .change(
            kept,
            view -> {
              Lasting.put(view, EntityType.MEMBER, user, member);
              count(view, guild, kept);
            });
  }

  static Effect updated(GatewayEvent event, Kept kept) throws InvalidEventException {
    long user = user(event, event.data());
    return Touch.of(event, guild(event))
        .entity(EntityType.MEMBER, user)
        .change(kept, view -> merge(view, user, event.data()));
  }

  static Effect removed(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    long user = user(event, event.data());
    return Touch.of(event, guild)
        .entity(EntityType.MEMBER, user)
        .entity(EntityType.PRESENCE, user)
        .entity(EntityType.VOICE, user)
        .entity(EntityType.GUILD, guild)
        .change(
            kept,
            view -> {
              if (isLost(view, user, kept)) {
                view.note(known(view.state(), false));
              }
              view.remove(EntityType.MEMBER, user);
              view.remove(EntityType.PRESENCE, user);
              view.remove(EntityType.VOICE, user);
              view.bury(EntityType.MEMBER, user, event.millis() + BURIED_MILLIS);
              count(view, guild, kept);
            });
  }

  /** Answer to a question for members; it is all of them only where it says so by itself. */
  static Effect chunk(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    SortedMap<Long, JsonObject> members = Fields.byUser(event, "members");
    SortedMap<Long, JsonObject> presences = Fields.byUser(event, "presences");
    Touch touch = Touch.of(event, guild).entity(EntityType.GUILD, guild);
    members.keySet().forEach(user -> touch.entity(EntityType.MEMBER, user));
    presences.keySet().forEach(user -> touch.entity(EntityType.PRESENCE, user));
    boolean only = event.data().number("chunk_count").orElse(0) == 1;
    return touch.change(
        kept,
        view -> {
          SortedMap<Long, JsonObject> there = new TreeMap<>(members);
          there.replaceAll((user, member) -> stored(member));
          there.keySet().removeIf(user -> view.isBuried(EntityType.MEMBER, user));
          if (only && members.size() >= memberCount(view, guild) && kept.has(EntityType.MEMBER)) {
            view.replaceAll(EntityType.MEMBER, there);
            view.note(known(view.state(), true));
            count(view, guild, kept);
          } else {
            there.forEach((user, member) -> view.put(EntityType.MEMBER, user, member));
          }
          presences.forEach((user, presence) -> present(view, user, withGuild(presence, guild)));
        });
  }

  static Effect present(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    JsonObject told = Fields.object(event, event.data(), USER);
    long user = id(event, told, "id");
    JsonObject presence = withGuild(event.data(), guild);
    return Touch.of(event, guild)
        .entity(EntityType.PRESENCE, user)
        .entity(EntityType.MEMBER, user)
        .change(
            kept,
            view -> {
              present(view, user, presence);
              Lasting.change(
                  view, EntityType.MEMBER, user, member -> withUser(member, valid(told)));
            });
  }

  private static void present(GuildView view, long user, JsonObject presence) {
    if (presence.text("status").filter("offline"::equals).isPresent()) {
      view.remove(EntityType.PRESENCE, user);
    } else if (!view.isBuried(EntityType.MEMBER, user)) {
      view.put(EntityType.PRESENCE, user, presence);
    }
  }

  /** Of a presence Discord checks nothing but the user's id. */
  private static JsonObject valid(JsonObject user) {
    JsonObject valid = JsonObject.EMPTY;
    for (String name : List.of("username", "discriminator")) {
      valid = user.get(name).filter(TEXT).isPresent() ? with(valid, name, user) : valid;
    }
    for (String name : List.of("global_name", "avatar")) {
      valid = user.get(name).filter(TEXT_OR_NULL).isPresent() ? with(valid, name, user) : valid;
    }
    return valid;
  }

  private static JsonObject with(JsonObject valid, String name, JsonObject user) {
    return valid.with(name, user.get(name).orElseThrow());
  }

  static Effect voiceTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    if (Fields.isPrivate(event)) {
      return new Effect.None();
    }
    long guild = guild(event);
    long user = id(event, "user_id");
    boolean away = event.data().id("channel_id").isEmpty();
    Optional<JsonObject> member = event.data().object(MEMBER);
    return Touch.of(event, guild)
        .entity(EntityType.VOICE, user)
        .entity(EntityType.MEMBER, user)
        .change(
            kept,
            view -> {
              if (away) {
                view.remove(EntityType.VOICE, user);
              } else if (!view.isBuried(EntityType.MEMBER, user)) {
                view.put(EntityType.VOICE, user, withGuild(withoutMember(event.data()), guild));
              }
              member.ifPresent(told -> merge(view, user, told));
            });
  }

  /** A voice state as it is kept. */
  static JsonObject withoutMember(JsonObject voice) {
    return voice.without(Set.of(MEMBER));
  }

  /** A member as it is kept: as REST has it. */
  static JsonObject stored(JsonObject member) {
    return member.without(Set.of(Fields.GUILD_ID));
  }

  /** Puts news of a member into what is known of it, if anything is. */
  static void merge(GuildView view, long user, JsonObject told) {
    // A guest in a voice channel has never joined.
    boolean guest = told.get("joined_at").filter(JsonScalar.NULL::equals).isPresent();
    JsonObject news = guest ? JsonObject.EMPTY : stored(told);
    Lasting.change(view, EntityType.MEMBER, user, member -> member.mergedWith(news));
  }

  /** Member whose user has these members in place of its own. */
  static JsonObject withUser(JsonObject member, JsonObject user) {
    return user.members().isEmpty()
        ? member
        : member.with(USER, member.object(USER).orElse(JsonObject.EMPTY).mergedWith(user));
  }

  /** Counts the members by those that are known, where that is all of them. */
  private static void count(GuildView view, long guild, Kept kept) {
    if (view.state().membersComplete() && kept.has(EntityType.MEMBER)) {
      JsonScalar count = JsonScalar.of(view.state().count(EntityType.MEMBER));
      Lasting.change(view, EntityType.GUILD, guild, at -> at.with(MEMBER_COUNT, count));
    }
  }

  private static long memberCount(GuildView view, long guild) {
    return view.get(EntityType.GUILD, guild)
        .orElse(JsonObject.EMPTY)
        .number(MEMBER_COUNT)
        .orElse(Long.MAX_VALUE);
  }

  /** Whether one is not there where all should be: their time was over. */
  private static boolean isLost(GuildView view, long user, Kept kept) {
    return kept.has(EntityType.MEMBER)
        && view.state().membersComplete()
        && view.get(EntityType.MEMBER, user).isEmpty()
        && !view.isBuried(EntityType.MEMBER, user);
  }

  private static GuildState known(GuildState state, boolean complete) {
    return new GuildState(
        state.standing(),
        state.syncedMillis(),
        state.eventMillis(),
        complete,
        state.guildComplete(),
        state.counts());
  }
}
