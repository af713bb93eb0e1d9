package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.copy;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Members, their voice states and presences, and the bot's own user. */
final class PeopleSteps {
  /** How long after leaving nobody comes back: longer than a late event is on its way. */
  private static final long AWAY_MILLIS = 6000;

  private static final EntityType MEMBER = EntityType.MEMBER;
  private static final EntityType VOICE = EntityType.VOICE;
  private static final EntityType PRESENCE = EntityType.PRESENCE;

  private final World world;
  private final Shapes shapes;

  PeopleSteps(World world) {
    this.world = world;
    shapes = world.shapes;
  }

  void addTo(List<Consumer<WorldGuild>> steps) {
    steps.addAll(
        List.of(
            this::add,
            this::update,
            this::update,
            this::remove,
            this::comeBack,
            this::chunk,
            this::connect,
            this::connect,
            this::disconnect,
            this::presence,
            this::changeSelf));
  }

  private void add(WorldGuild guild) {
    if (guild.all(MEMBER).size() < 3 * world.settings.mix().members()) {
      add(guild, shapes.user(shapes.newId(), false));
    }
  }

  private void comeBack(WorldGuild guild) {
    long user = WorldGuild.any(List.copyOf(guild.left.keySet()), world.random);
    if (user != 0 && world.timeline.millis() - guild.left.get(user) > AWAY_MILLIS) {
      guild.left.remove(user);
      var again = shapes.user(user, false);
      again.put("id", id(user));
      add(guild, again);
    }
  }

  private void add(WorldGuild guild, Map<String, Object> user) {
    long userId = Long.parseLong((String) user.get("id"));
    var member = shapes.member(user, new ArrayList<>(), world.timeline.millis());
    guild.all(MEMBER).put(userId, member);
    send(guild, "GUILD_MEMBER_ADD", userId);
  }

  private void update(WorldGuild guild) {
    long user = guild.any(MEMBER, world.random);
    var member = guild.get(MEMBER, user);
    var role = id(guild.any(EntityType.ROLE, world.random));
    member.put("nick", world.random.nextInt(3) == 0 ? NULL : shapes.words(1));
    member.put("roles", new ArrayList<Object>(List.of(role)));
    sendUpdate(guild, user);
  }

  /** Discord leaves out the member's flags. */
  private void sendUpdate(WorldGuild guild, long user) {
    var data = GatewayForm.of(guild, MEMBER, user);
    data.remove("flags");
    world.send(guild, "GUILD_MEMBER_UPDATE", data, MEMBER);
  }

  private void remove(WorldGuild guild) {
    long user = guild.any(MEMBER, world.random);
    if (user == world.selfId || guild.all(MEMBER).size() < 3) {
      return;
    }
    var before = GatewayForm.of(guild, MEMBER, user);
    before.remove("flags");
    if (guild.all(VOICE).containsKey(user) && world.random.nextBoolean()) {
      leaveVoice(guild, user);
    }
    var gone = object("guild_id", id(guild.id), "user", before.get("user"));
    guild.all(MEMBER).remove(user);
    guild.all(VOICE).remove(user);
    guild.all(PRESENCE).remove(user);
    world.send(guild, "GUILD_MEMBER_REMOVE", gone, MEMBER, VOICE, PRESENCE);
    world.sendGhost(guild, "GUILD_MEMBER_UPDATE", before, MEMBER);
    guild.left.put(user, world.timeline.millis());
  }

  /** All members, as if somebody had asked for them; in two parts if there are enough. */
  private void chunk(WorldGuild guild) {
    var all = GatewayForm.inGuild(guild, MEMBER);
    int parts = all.size() > 3 ? 2 : 1;
    for (int i = 0; i < parts; i++) {
      var part = new ArrayList<Object>();
      for (int j = i; j < all.size(); j += parts) {
        part.add(all.get(j));
      }
      var data = object("guild_id", id(guild.id), "members", part, "not_found", List.of());
      data.putAll(object("chunk_index", i, "chunk_count", parts));
      world.send(guild, "GUILD_MEMBERS_CHUNK", data, MEMBER);
    }
  }

  /** Somebody joins a voice channel, or moves to another. */
  private void connect(WorldGuild guild) {
    long user = guild.any(MEMBER, world.random);
    long channel = WorldGuild.any(guild.channels(Shapes.VOICE, Shapes.STAGE), world.random);
    if (channel != 0) {
      guild.all(VOICE).put(user, shapes.voice(guild.id, channel, user));
      var data = GatewayForm.of(guild, VOICE, user);
      world.send(guild, "VOICE_STATE_UPDATE", data, VOICE, MEMBER);
    }
  }

  private void disconnect(WorldGuild guild) {
    long user = guild.any(VOICE, world.random);
    if (user != 0) {
      leaveVoice(guild, user);
    }
  }

  private void leaveVoice(WorldGuild guild, long user) {
    var data = GatewayForm.of(guild, VOICE, user);
    data.put("channel_id", NULL);
    guild.all(VOICE).remove(user);
    world.send(guild, "VOICE_STATE_UPDATE", data, VOICE, MEMBER);
  }

  private void presence(WorldGuild guild) {
    long user = guild.any(MEMBER, world.random);
    boolean offline = world.random.nextInt(3) == 0;
    guild.all(PRESENCE).put(user, Shapes.presence(user, offline ? "offline" : "idle"));
    var data = GatewayForm.of(guild, PRESENCE, user);
    if (offline) {
      guild.all(PRESENCE).remove(user);
    }
    world.send(guild, "PRESENCE_UPDATE", data, PRESENCE);
  }

  /** The bot's own user changes, and so does its member everywhere. */
  private void changeSelf(WorldGuild any) {
    if (world.random.nextInt(100) > 0) {
      return;
    }
    world.self.put("avatar", shapes.hash());
    world.timeline.sendAlone("USER_UPDATE", copy(world.self));
    for (var guild : world.guilds.values()) {
      sendUpdate(guild, world.selfId);
    }
  }

  private void send(WorldGuild guild, String name, long user) {
    world.send(guild, name, GatewayForm.of(guild, MEMBER, user), MEMBER);
  }
}
