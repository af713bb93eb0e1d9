package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import java.util.ArrayList;
import java.util.List;

/**
 * Guilds of the {@link GuildMix#SYNTHETIC} mix, one after the other and none kept, for as many as a
 * boot may bring. Not thread-safe.
 */
public final class SyntheticGuilds {
  private final World world;
  private final Beginning beginning;

  /** The same seed makes the same guilds. */
  public SyntheticGuilds(long seed) {
    world = new World(WorldSettings.orderly(seed, 0).with(GuildMix.SYNTHETIC));
    beginning = new Beginning(world);
  }

  /** Id of the bot's application. */
  public long app() {
    return world.app();
  }

  /** {@code READY} of a bot that is in these guilds. */
  public WorldEvent ready(List<Long> guilds) {
    var ready = world.ready(0);
    var listed = new ArrayList<Object>();
    guilds.forEach(guild -> listed.add(object("id", id(guild), "unavailable", true)));
    ready.put("guilds", listed);
    return event("READY", JsonText.write(ready));
  }

  /** {@code GUILD_CREATE} of another guild. */
  public WorldEvent next() {
    var guild = beginning.addGuild();
    world.guilds.clear();
    var data = GatewayForm.create(guild);
    data.put("unavailable", false);
    return event("GUILD_CREATE", JsonText.write(data));
  }

  private WorldEvent event(String name, String json) {
    world.timeline.pass(1);
    return new WorldEvent(name, json, world.timeline.millis());
  }
}
