package dev.spectacles.proxy.simulator.world;

import dev.spectacles.proxy.simulator.scenario.WorldSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** World behind the simulator's API: what is written there is told by events. Not thread-safe. */
public final class LiveWorld {
  private final World world;
  private final WorldRest rest;
  private final WorldWrites writes;
  private final Talk talk;

  /** What a world can do. */
  public enum Move {
    /** Every shard connects. */
    BEGIN,
    /** Something happens at random. */
    STEP,
    /** All outages end. */
    SETTLE,
    /** Only what was written over the API is told. */
    NOTHING
  }

  /** The same world each time; a test that makes one too knows what is in it. */
  public LiveWorld(WorldSpec spec) {
    world = new World(settings(spec));
    rest = new WorldRest(world);
    writes = new WorldWrites(world);
    talk = new Talk(world, rest);
  }

  /** Settings of the world that the simulator has. */
  public static WorldSettings settings(WorldSpec spec) {
    return WorldSettings.orderly(spec.seed(), spec.guilds())
        .withShards(spec.shards())
        .with(spec.synthetic() ? GuildMix.SYNTHETIC : GuildMix.SMALL);
  }

  /** Does something so many times; returns the events that are due, those of writes too. */
  public List<WorldEvent> move(Move move, int times) {
    var events = new ArrayList<>(world.timeline.take());
    for (int i = 0; i < times; i++) {
      events.addAll(
          switch (move) {
            case BEGIN -> world.begin();
            case STEP -> world.step();
            case SETTLE -> world.settle();
            case NOTHING -> List.of();
          });
    }
    return events;
  }

  /**
   * Answer to a request; empty if it is about nothing that is modelled.
   *
   * @param millis when it came; since 1970
   */
  public Optional<RestAnswer> answer(
      String method, String target, byte[] body, String contentType, long millis) {
    Optional<RestAnswer> answer =
        method.equals("GET")
            ? rest.get(target)
            : writes.write(method, target, new String(body, StandardCharsets.UTF_8));
    return answer.or(() -> talk.answer(Asked.of(method, target, body, contentType, millis)));
  }
}
