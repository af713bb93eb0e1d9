package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A bot and the guilds it is in, changing at random; the same settings make the same history. Not
 * thread-safe.
 *
 * <p>What Discord changes during an outage of a guild it does not tell; what neither an event nor
 * the next {@code GUILD_CREATE} would tell is not changed meanwhile.
 */
public final class World {
  private static final long START_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  final WorldSettings settings;
  final Random random;
  final Shapes shapes;
  final Timeline timeline;
  final TreeMap<Long, WorldGuild> guilds = new TreeMap<>();
  final Map<String, Object> self;
  final long selfId;

  private final long app;
  private final SessionSteps session;
  private final List<Consumer<WorldGuild>> guildSteps = new ArrayList<>();

  /** A world in which nothing has happened yet. */
  public World(WorldSettings settings) {
    this.settings = settings;
    random = new Random(settings.seed());
    shapes = new Shapes(random);
    timeline = new Timeline(settings, random, START_MILLIS);
    app = shapes.newId();
    selfId = app;
    self = shapes.user(selfId, true);
    session = new SessionSteps(this);
    var beginning = new Beginning(this);
    for (int i = 0; i < settings.guilds(); i++) {
      beginning.addGuild();
    }
    new GuildSteps(this).addTo(guildSteps);
    new ExpressionSteps(this).addTo(guildSteps);
    new ChannelSteps(this).addTo(guildSteps);
    new ThreadSteps(this).addTo(guildSteps);
    new PeopleSteps(this).addTo(guildSteps);
  }

  /** Id of the bot's application. */
  public long app() {
    return app;
  }

  /** Id of the bot's user. */
  public long self() {
    return selfId;
  }

  /** Guilds that the bot is in. */
  public SortedSet<Long> guilds() {
    return new TreeSet<>(guilds.keySet());
  }

  /** Whether Discord has no outage that concerns the guild. */
  public boolean isAvailable(long guild) {
    return guilds.get(guild).available;
  }

  /** Channels of a guild that the bot cannot view. */
  public SortedSet<Long> hiddenChannels(long guild) {
    return new TreeSet<>(guilds.get(guild).hidden);
  }

  /** Ids of a type in a guild, whether the bot sees them or not. */
  public SortedSet<Long> ids(long guild, EntityType type) {
    return new TreeSet<>(guilds.get(guild).all(type).keySet());
  }

  /**
   * What somebody should have kept of a guild who heard every event that is due: JSON of each
   * entity by its id. A channel that cannot be viewed is kept as it was told; threads of it are
   * not.
   */
  public Map<EntityType, SortedMap<Long, String>> kept(long guild) {
    return Kept.of(guilds.get(guild));
  }

  /** Time of the event that was sent last; milliseconds since 1970. */
  public long millis() {
    return timeline.millis();
  }

  /** Every shard connects: {@code READY}, and {@code GUILD_CREATE} of each of its guilds. */
  public List<WorldEvent> begin() {
    for (int shard = 0; shard < settings.shards(); shard++) {
      session.connect(shard);
    }
    return timeline.take();
  }

  /**
   * Something happens.
   *
   * @return events that are due; those of the current millisecond may come with a later step's
   */
  public List<WorldEvent> step() {
    // One in a hundred is about a guild as a whole, one in 2500 about a shard.
    int choice = random.nextInt(2500);
    if (choice == 0) {
      session.reconnect();
    } else if (choice <= 25 || guilds.isEmpty()) {
      session.change();
    } else {
      var guild = guilds.get(WorldGuild.any(List.copyOf(guilds.keySet()), random));
      guildSteps.get(random.nextInt(guildSteps.size())).accept(guild);
    }
    return timeline.take();
  }

  /** All outages end, and everything that was sent is due. */
  public List<WorldEvent> settle() {
    session.endOutages();
    timeline.pass(1);
    return timeline.take();
  }

  /** Sends an event about a guild, unless Discord has an outage. */
  void send(WorldGuild guild, String name, Map<String, Object> data, EntityType... types) {
    if (!guild.available) {
      return;
    }
    var subjects = new HashSet<String>();
    for (EntityType type : EnumSet.copyOf(List.of(types))) {
      subjects.add(guild.subject(type));
    }
    timeline.send(name, data, subjects);
  }

  /** Now and then, sends an event from before once more. */
  void sendGhost(WorldGuild guild, String name, Map<String, Object> data, EntityType type) {
    if (random.nextDouble() < settings.ghosts()) {
      send(guild, name, data, type);
    }
  }

  /** What the gateway says first. */
  Map<String, Object> ready(int shard) {
    var listed =
        guilds.keySet().stream()
            .filter(guild -> shardOf(guild) == shard)
            .<Object>map(guild -> object("id", id(guild), "unavailable", true))
            .toList();
    var user = JsonText.copy(self);
    user.putAll(object("verified", true, "mfa_enabled", false, "email", NULL, "flags", 0));
    return object(
        "v",
        10,
        "user",
        user,
        "guilds",
        listed,
        "session_id",
        shapes.hash(),
        "resume_gateway_url",
        "wss://gateway.example",
        "shard",
        List.of(shard, settings.shards()),
        "application",
        object("id", id(app), "flags", 0),
        "private_channels",
        List.of());
  }

  int shardOf(long guild) {
    return (int) ((guild >>> 22) % settings.shards());
  }
}
