package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.copy;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Threads, as far as the bot sees them. */
final class ThreadSteps {
  private static final EntityType THREAD = EntityType.THREAD;

  private final World world;
  private final Shapes shapes;

  ThreadSteps(World world) {
    this.world = world;
    shapes = world.shapes;
  }

  void addTo(List<Consumer<WorldGuild>> steps) {
    steps.addAll(
        List.of(
            this::create,
            this::rename,
            this::archive,
            this::unarchive,
            this::delete,
            this::joinOrLeave,
            this::joinOrLeave,
            this::list));
  }

  private void create(WorldGuild guild) {
    long parent = WorldGuild.any(guild.channels(Shapes.TEXT, Shapes.FORUM), world.random);
    if (parent == 0 || guild.all(THREAD).size() > 5) {
      return;
    }
    long thread = shapes.newId();
    boolean forum = guild.get(EntityType.CHANNEL, parent).get("type").equals(Shapes.FORUM);
    boolean shut = !forum && world.random.nextInt(3) == 0;
    int type = shut ? Shapes.PRIVATE_THREAD : Shapes.PUBLIC_THREAD;
    var entity = shapes.thread(thread, guild.id, parent, type, world.timeline.millis());
    guild.all(THREAD).put(thread, entity);
    if (forum) {
      guild.get(EntityType.CHANNEL, parent).put("last_message_id", id(thread));
    }
    if (guild.sees(entity)) {
      var data = GatewayForm.of(guild, THREAD, thread);
      data.put("newly_created", true);
      send(guild, "THREAD_CREATE", data);
    }
  }

  private void rename(WorldGuild guild) {
    long thread = guild.any(THREAD, world.random);
    if (thread != 0) {
      guild.get(THREAD, thread).put("name", shapes.words(2));
      guild.get(THREAD, thread).put("message_count", world.random.nextInt(100));
      sendIfSeen(guild, "THREAD_UPDATE", thread);
    }
  }

  private void archive(WorldGuild guild) {
    long thread = guild.any(THREAD, world.random);
    if (thread != 0) {
      var metadata = Shapes.metadata(true, world.timeline.millis());
      guild.get(THREAD, thread).put("thread_metadata", metadata);
      sendIfSeen(guild, "THREAD_UPDATE", thread);
      guild.archived.put(thread, guild.all(THREAD).remove(thread));
    }
  }

  /** Discord says who the bot is in the thread after the thread itself. */
  private void unarchive(WorldGuild guild) {
    long thread = WorldGuild.any(List.copyOf(guild.archived.keySet()), world.random);
    if (thread == 0) {
      return;
    }
    var entity = guild.archived.remove(thread);
    entity.put("thread_metadata", Shapes.metadata(false, world.timeline.millis()));
    guild.all(THREAD).put(thread, entity);
    sendIfSeen(guild, "THREAD_UPDATE", thread);
    if (guild.sees(entity) && entity.containsKey("member")) {
      send(guild, "THREAD_MEMBER_UPDATE", ownMember(guild, thread, entity, true));
    }
  }

  private void delete(WorldGuild guild) {
    long thread = guild.any(THREAD, world.random);
    if (thread == 0) {
      return;
    }
    var before = GatewayForm.of(guild, THREAD, thread);
    var entity = guild.all(THREAD).remove(thread);
    if (guild.sees(entity)) {
      var data = copy(entity);
      data.keySet().retainAll(List.of("id", "guild_id", "parent_id", "type"));
      send(guild, "THREAD_DELETE", data);
      world.sendGhost(guild, "THREAD_UPDATE", before, THREAD);
    }
  }

  private void joinOrLeave(WorldGuild guild) {
    long thread = guild.any(THREAD, world.random);
    if (thread == 0 || guild.isHidden(parent(guild.get(THREAD, thread)))) {
      return;
    }
    var entity = guild.get(THREAD, thread);
    if (entity.containsKey("member")) {
      entity.remove("member");
      int count = (Integer) entity.merge("member_count", -1, ThreadSteps::sum);
      var gone = List.of(id(world.selfId));
      var change = object("id", id(thread), "guild_id", id(guild.id), "member_count", count);
      change.put("removed_member_ids", gone);
      send(guild, "THREAD_MEMBERS_UPDATE", change);
      return;
    }
    boolean wasSeen = guild.sees(entity);
    entity.put(
        "member", object("join_timestamp", Shapes.time(world.timeline.millis()), "flags", 1));
    int count = (Integer) entity.merge("member_count", 1, ThreadSteps::sum);
    if (!wasSeen) {
      send(guild, "THREAD_CREATE", copy(entity));
      return;
    }
    var own = ownMember(guild, thread, entity, false);
    var change = object("id", id(thread), "guild_id", id(guild.id), "member_count", count);
    change.put("added_members", List.of(own));
    send(guild, "THREAD_MEMBERS_UPDATE", change);
    send(guild, "THREAD_MEMBER_UPDATE", ownMember(guild, thread, entity, true));
  }

  private static Object sum(Object one, Object other) {
    return (Integer) one + (Integer) other;
  }

  private Map<String, Object> ownMember(
      WorldGuild guild, long thread, Map<String, Object> entity, boolean withGuild) {
    var own = object("id", id(thread), "user_id", id(world.selfId));
    own.putAll(copy(asObject(entity.get("member"))));
    if (withGuild) {
      own.put("guild_id", id(guild.id));
    }
    return own;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asObject(Object value) {
    return (Map<String, Object>) value;
  }

  private void list(WorldGuild guild) {
    if (world.random.nextInt(4) == 0) {
      sendList(guild, List.of());
    }
  }

  /** Tells the active threads of these channels; of the whole guild, if there are none. */
  void sendList(WorldGuild guild, List<Long> channels) {
    var threads = new ArrayList<Object>();
    var members = new ArrayList<Object>();
    guild
        .all(THREAD)
        .forEach(
            (thread, entity) -> {
              boolean asked = channels.isEmpty() || channels.contains(parent(entity));
              if (asked && guild.sees(entity)) {
                threads.add(GatewayForm.of(guild, THREAD, thread));
                if (entity.containsKey("member")) {
                  members.add(ownMember(guild, thread, entity, false));
                }
              }
            });
    var data = object("guild_id", id(guild.id), "threads", threads, "members", members);
    if (!channels.isEmpty()) {
      data.put("channel_ids", channels.stream().map(JsonText::id).toList());
    }
    send(guild, "THREAD_LIST_SYNC", data);
  }

  private static long parent(Map<String, Object> thread) {
    return Long.parseLong((String) thread.get("parent_id"));
  }

  private void sendIfSeen(WorldGuild guild, String name, long thread) {
    if (guild.sees(guild.get(THREAD, thread))) {
      send(guild, name, GatewayForm.of(guild, THREAD, thread));
    }
  }

  private void send(WorldGuild guild, String name, Map<String, Object> data) {
    world.send(guild, name, data, THREAD, EntityType.CHANNEL);
  }
}
