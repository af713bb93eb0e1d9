package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.guild;
import static dev.spectacles.proxy.domain.entity.Fields.id;
import static dev.spectacles.proxy.domain.entity.Fields.withGuild;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Active threads; one that is archived is none. */
final class ThreadRules {
  private static final List<String> OF_EVENT = List.of("newly_created");
  private static final List<String> OF_MEMBERSHIP = List.of("guild_id", "member", "presence");
  private static final String MEMBER = "member";
  private static final String MEMBER_COUNT = "member_count";
  private static final String PARENT = "parent_id";
  private static final long PRIVATE = 12;

  /** Forum and media channels, which have threads for messages. */
  private static final Set<Long> OF_THREADS = Set.of(15L, 16L);

  private ThreadRules() {}

  /** Also sent for a thread that is not new when the bot is added to it. */
  static Effect created(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    long id = id(event, "id");
    JsonObject thread = withGuild(event.data().without(OF_EVENT), guild);
    OptionalLong parent = thread.id(PARENT);
    Touch touch = Touch.of(event, guild).entity(EntityType.THREAD, id);
    parent.ifPresent(channel -> touch.entity(EntityType.CHANNEL, channel));
    return touch.change(
        kept,
        view -> {
          put(view, id, thread);
          parent.ifPresent(
              channel ->
                  view.get(EntityType.CHANNEL, channel)
                      .filter(at -> OF_THREADS.contains(at.number("type").orElse(-1)))
                      .ifPresent(
                          at ->
                              view.put(
                                  EntityType.CHANNEL,
                                  channel,
                                  ChannelRules.withLastMessage(at, id))));
        });
  }

  static Effect updated(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    long id = id(event, "id");
    JsonObject thread = withGuild(event.data().without(OF_EVENT), guild);
    return Touch.of(event, guild)
        .entity(EntityType.THREAD, id)
        .change(
            kept,
            view ->
                put(
                    view,
                    id,
                    view.get(EntityType.THREAD, id)
                        .map(older -> older.mergedWith(thread))
                        .orElse(thread)));
  }

  static Effect deleted(GatewayEvent event, Kept kept) throws InvalidEventException {
    long id = id(event, "id");
    return Touch.of(event, guild(event))
        .entity(EntityType.THREAD, id)
        .change(kept, view -> Lasting.delete(view, EntityType.THREAD, id, event));
  }

  /** All active threads of some channels, or of the guild: the bot may see no others. */
  static Effect listed(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = guild(event);
    boolean ofAll = !Fields.hasList(event.data(), "channel_ids");
    Set<Long> parents = Set.copyOf(Fields.ids(event, "channel_ids"));
    Map<Long, JsonObject> members = new HashMap<>();
    for (JsonObject member : event.data().objects("members")) {
      members.put(id(event, member, "id"), member.without(OF_MEMBERSHIP));
    }
    SortedMap<Long, JsonObject> listed = Fields.byId(event, "threads", "id");
    return Touch.of(event, guild)
        .all(EntityType.THREAD)
        .change(
            kept,
            view -> {
              var threads = new TreeMap<>(view.all(EntityType.THREAD));
              threads
                  .values()
                  .removeIf(thread -> ofAll || parents.contains(thread.id(PARENT).orElse(0)));
              listed.forEach(
                  (id, told) -> {
                    JsonObject thread = withGuild(told, guild);
                    if (isKept(view, id, thread)) {
                      threads.put(
                          id,
                          Optional.ofNullable(members.get(id))
                              .map(member -> thread.with(MEMBER, member))
                              .orElse(thread));
                    }
                  });
              view.replaceAll(EntityType.THREAD, threads);
            });
  }

  /** The bot's own membership. */
  static Effect joined(GatewayEvent event, Kept kept) throws InvalidEventException {
    long id = id(event, "id");
    JsonObject member = event.data().without(OF_MEMBERSHIP);
    return Touch.of(event, guild(event))
        .entity(EntityType.THREAD, id)
        .change(
            kept,
            view ->
                Lasting.change(view, EntityType.THREAD, id, thread -> thread.with(MEMBER, member)));
  }

  static Effect membersChanged(GatewayEvent event, Kept kept) throws InvalidEventException {
    long id = id(event, "id");
    List<JsonObject> added = event.data().objects("added_members");
    boolean left = Fields.ids(event, "removed_member_ids").stream().anyMatch(kept::isSelf);
    Touch touch = Touch.of(event, guild(event)).entity(EntityType.THREAD, id);
    for (JsonObject member : added) {
      member.id("user_id").ifPresent(user -> touch.entity(EntityType.MEMBER, user));
    }
    return touch.change(
        kept,
        view -> {
          Optional<JsonObject> thread = view.get(EntityType.THREAD, id);
          if (left && thread.filter(ThreadRules::isPrivate).isPresent()) {
            // Not for good: the bot may be added again.
            view.remove(EntityType.THREAD, id);
          } else {
            thread.ifPresent(
                at -> view.put(EntityType.THREAD, id, withMembers(at, event.data(), left, kept)));
          }
          for (JsonObject member : added) {
            member
                .id("user_id")
                .ifPresent(
                    user ->
                        member
                            .object(MEMBER)
                            .ifPresent(told -> MemberRules.merge(view, user, told)));
          }
        });
  }

  private static JsonObject withMembers(
      JsonObject thread, JsonObject told, boolean left, Kept kept) {
    JsonObject changed =
        told.get(MEMBER_COUNT).map(count -> thread.with(MEMBER_COUNT, count)).orElse(thread);
    if (left) {
      return changed.without(List.of(MEMBER));
    }
    for (JsonObject member : told.objects("added_members")) {
      OptionalLong user = member.id("user_id");
      if (user.isPresent() && kept.isSelf(user.getAsLong())) {
        changed = changed.with(MEMBER, member.without(OF_MEMBERSHIP));
      }
    }
    return changed;
  }

  /** Removes the threads of a channel. */
  static void removeOf(GuildView view, long channel) {
    view.all(EntityType.THREAD)
        .forEach(
            (id, thread) -> {
              if (thread.id(PARENT).orElse(0) == channel) {
                view.remove(EntityType.THREAD, id);
              }
            });
  }

  /** Whether such a thread is to be kept: an active one, neither it nor its channel deleted. */
  static boolean isKept(GuildView view, long id, JsonObject thread) {
    return !isArchived(thread)
        && !view.isBuried(EntityType.THREAD, id)
        && !view.isBuried(EntityType.CHANNEL, thread.id(PARENT).orElse(0));
  }

  private static void put(GuildView view, long id, JsonObject thread) {
    if (isKept(view, id, thread)) {
      view.put(EntityType.THREAD, id, thread);
    } else if (isArchived(thread)) {
      view.remove(EntityType.THREAD, id);
    }
  }

  private static boolean isPrivate(JsonObject thread) {
    return thread.number("type").orElse(-1) == PRIVATE;
  }

  private static boolean isArchived(JsonObject thread) {
    return thread.object("thread_metadata").filter(data -> data.isTrue("archived")).isPresent();
  }
}
