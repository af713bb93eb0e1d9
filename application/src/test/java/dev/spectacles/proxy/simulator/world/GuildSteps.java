package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The guild itself, its roles, scheduled events, rules of auto moderation and integrations. */
final class GuildSteps {
  private final World world;
  private final Shapes shapes;

  GuildSteps(World world) {
    this.world = world;
    shapes = world.shapes;
  }

  void addTo(List<Consumer<WorldGuild>> steps) {
    steps.addAll(
        List.of(
            this::update,
            this::createRole,
            this::updateRole,
            this::updateRole,
            this::deleteRole,
            this::createEvent,
            this::updateEvent,
            this::deleteEvent,
            this::automod,
            this::integrations));
  }

  private void update(WorldGuild guild) {
    if (!guild.available) {
      return;
    }
    guild.fields.put("description", shapes.words(3));
    guild.fields.put("name", shapes.words(2));
    guild.fields.put("widget_enabled", world.random.nextBoolean());
    sendUpdate(guild);
  }

  void sendUpdate(WorldGuild guild) {
    guild.toldInFull = true;
    var data = GatewayForm.update(guild);
    world.send(
        guild,
        "GUILD_UPDATE",
        data,
        EntityType.GUILD,
        EntityType.ROLE,
        EntityType.EMOJI,
        EntityType.STICKER);
  }

  private void createRole(WorldGuild guild) {
    if (guild.all(EntityType.ROLE).size() < 3 * world.settings.mix().roles()) {
      createRole(guild, Map.of());
    }
  }

  long createRole(WorldGuild guild, Map<String, Object> wanted) {
    long role = shapes.newId();
    var entity = shapes.role(role, 1);
    entity.putAll(wanted);
    guild.all(EntityType.ROLE).put(role, entity);
    sendRole(guild, "GUILD_ROLE_CREATE", entity);
    return role;
  }

  private void updateRole(WorldGuild guild) {
    var changed = object("name", shapes.words(1), "position", world.random.nextInt(50));
    updateRole(guild, guild.any(EntityType.ROLE, world.random), changed);
  }

  void updateRole(WorldGuild guild, long role, Map<String, Object> wanted) {
    var entity = guild.get(EntityType.ROLE, role);
    entity.putAll(wanted);
    sendRole(guild, "GUILD_ROLE_UPDATE", entity);
  }

  private void deleteRole(WorldGuild guild) {
    long role = guild.any(EntityType.ROLE, world.random);
    if (role != guild.id) {
      deleteRole(guild, role);
    }
  }

  void deleteRole(WorldGuild guild, long role) {
    var entity = guild.all(EntityType.ROLE).remove(role);
    for (var member : guild.all(EntityType.MEMBER).values()) {
      ((List<?>) member.get("roles")).remove(id(role));
    }
    var data = object("guild_id", id(guild.id), "role_id", id(role));
    world.send(guild, "GUILD_ROLE_DELETE", data, EntityType.ROLE);
    var ghost = object("guild_id", id(guild.id), "role", entity);
    world.sendGhost(guild, "GUILD_ROLE_UPDATE", ghost, EntityType.ROLE);
  }

  private void sendRole(WorldGuild guild, String name, Map<String, Object> role) {
    world.send(guild, name, object("guild_id", id(guild.id), "role", role), EntityType.ROLE);
  }

  private void createEvent(WorldGuild guild) {
    if (guild.all(EntityType.EVENT).size() < 5) {
      long event = shapes.newId();
      var entity = shapes.event(event, guild.id, world.self, world.timeline.millis());
      guild.all(EntityType.EVENT).put(event, entity);
      sendEvent(guild, "GUILD_SCHEDULED_EVENT_CREATE", event);
    }
  }

  private void updateEvent(WorldGuild guild) {
    long event = guild.any(EntityType.EVENT, world.random);
    if (event != 0) {
      guild.get(EntityType.EVENT, event).put("status", 1 + world.random.nextInt(4));
      sendEvent(guild, "GUILD_SCHEDULED_EVENT_UPDATE", event);
      var user =
          object(
              "guild_scheduled_event_id",
              id(event),
              "user_id",
              id(shapes.newId()),
              "guild_id",
              id(guild.id));
      world.send(guild, "GUILD_SCHEDULED_EVENT_USER_ADD", user, EntityType.EVENT);
    }
  }

  private void deleteEvent(WorldGuild guild) {
    long event = guild.any(EntityType.EVENT, world.random);
    if (event != 0) {
      var data = GatewayForm.of(guild, EntityType.EVENT, event);
      guild.all(EntityType.EVENT).remove(event);
      world.send(guild, "GUILD_SCHEDULED_EVENT_DELETE", data, EntityType.EVENT);
      world.sendGhost(guild, "GUILD_SCHEDULED_EVENT_UPDATE", data, EntityType.EVENT);
    }
  }

  private void sendEvent(WorldGuild guild, String name, long event) {
    world.send(guild, name, GatewayForm.of(guild, EntityType.EVENT, event), EntityType.EVENT);
  }

  private void automod(WorldGuild guild) {
    if (guild.available) {
      var kind = EntityType.AUTOMOD;
      change(guild, kind, "AUTO_MODERATION_RULE", id -> shapes.automod(id, guild.id));
    }
  }

  private void integrations(WorldGuild guild) {
    if (guild.available) {
      change(guild, EntityType.INTEGRATION, "INTEGRATION", shapes::integration);
    }
  }

  private interface Maker {
    Map<String, Object> make(long id);
  }

  private void change(WorldGuild guild, EntityType type, String name, Maker maker) {
    var entities = guild.all(type);
    int choice = world.random.nextInt(3);
    long which = guild.any(type, world.random);
    if (which == 0 || choice == 0 && entities.size() < 4) {
      which = shapes.newId();
      entities.put(which, maker.make(which));
      world.send(guild, name + "_CREATE", GatewayForm.of(guild, type, which), type);
    } else if (choice == 1) {
      entities.get(which).put("enabled", world.random.nextBoolean());
      world.send(guild, name + "_UPDATE", GatewayForm.of(guild, type, which), type);
    } else {
      var before = GatewayForm.of(guild, type, which);
      entities.remove(which);
      var gone = object("id", id(which), "guild_id", id(guild.id), "application_id", NULL);
      world.send(guild, name + "_DELETE", type == EntityType.AUTOMOD ? before : gone, type);
      world.sendGhost(guild, name + "_UPDATE", before, type);
    }
  }
}
