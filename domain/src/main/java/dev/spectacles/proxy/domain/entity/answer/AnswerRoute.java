package dev.spectacles.proxy.domain.entity.answer;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.spectacles.proxy.domain.cache.PathTable;
import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * GET routes of Discord that what the gateway told can answer. All others need Discord: what it
 * shows depends on permissions that the gateway does not prove, or is never told.
 */
public enum AnswerRoute {
  /** Faithful where what only REST and {@code GUILD_UPDATE} tell is known. */
  GUILD(
      "/guilds/{guild_id}",
      Shape.WHOLE,
      Level.FAITHFUL,
      Set.of("with_counts"),
      EntityType.GUILD,
      EntityType.ROLE,
      EntityType.EMOJI,
      EntityType.STICKER),
  CHANNELS("/guilds/{guild_id}/channels", Shape.WHOLE, Level.FAITHFUL, EntityType.CHANNEL),
  /** A fallback for threads. */
  CHANNEL("/channels/{id}", Shape.SINGLE, Level.FAITHFUL, EntityType.CHANNEL, EntityType.THREAD),
  ACTIVE_THREADS(
      "/guilds/{guild_id}/threads/active", Shape.WHOLE, Level.FALLBACK, EntityType.THREAD),
  ROLES("/guilds/{guild_id}/roles", Shape.WHOLE, Level.FAITHFUL, EntityType.ROLE),
  ROLE("/guilds/{guild_id}/roles/{id}", Shape.SINGLE, Level.FAITHFUL, EntityType.ROLE),
  MEMBERS("/guilds/{guild_id}/members", Shape.WHOLE, Level.LOSSY, EntityType.MEMBER),
  MEMBER("/guilds/{guild_id}/members/{id}", Shape.SINGLE, Level.FAITHFUL, EntityType.MEMBER),
  EMOJIS("/guilds/{guild_id}/emojis", Shape.WHOLE, Level.LOSSY, EntityType.EMOJI),
  EMOJI("/guilds/{guild_id}/emojis/{id}", Shape.SINGLE, Level.LOSSY, EntityType.EMOJI),
  STICKERS("/guilds/{guild_id}/stickers", Shape.WHOLE, Level.LOSSY, EntityType.STICKER),
  STICKER("/guilds/{guild_id}/stickers/{id}", Shape.SINGLE, Level.LOSSY, EntityType.STICKER),
  SOUNDS("/guilds/{guild_id}/soundboard-sounds", Shape.WHOLE, Level.LOSSY, EntityType.SOUND),
  SOUND("/guilds/{guild_id}/soundboard-sounds/{id}", Shape.SINGLE, Level.LOSSY, EntityType.SOUND),
  /** In channels that the bot may see. */
  VOICE_STATE(
      "/guilds/{guild_id}/voice-states/{id}", Shape.SINGLE, Level.FALLBACK, EntityType.VOICE),
  OWN_VOICE_STATE(
      "/guilds/{guild_id}/voice-states/@me", Shape.SINGLE, Level.FALLBACK, EntityType.VOICE),
  /** Channels tell whether the bot may see the stages in them. */
  STAGE(
      "/stage-instances/{id}", Shape.SINGLE, Level.FAITHFUL, EntityType.STAGE, EntityType.CHANNEL),
  /** Channels tell whether the bot may see the events in them. */
  EVENTS(
      "/guilds/{guild_id}/scheduled-events",
      Shape.WHOLE,
      Level.LOSSY,
      Set.of("with_user_count"),
      EntityType.EVENT,
      EntityType.CHANNEL),
  EVENT(
      "/guilds/{guild_id}/scheduled-events/{id}",
      Shape.WHOLE,
      Level.LOSSY,
      Set.of("with_user_count"),
      EntityType.EVENT,
      EntityType.CHANNEL),
  SELF("/users/@me", Shape.SELF, Level.FALLBACK);

  /** What has to be looked at for an answer. */
  public enum Shape {
    /** All of some types in a guild. */
    WHOLE,
    /** One entity of a guild, of whichever of the types it is. */
    SINGLE,
    /** The bot's own user. */
    SELF
  }

  private static final PathTable<AnswerRoute> TABLE =
      new PathTable<>(
          Arrays.stream(values())
              .collect(toUnmodifiableMap(AnswerRoute::template, Function.identity())));

  private final String template;
  private final Shape shape;
  private final Level best;

  // Both are unmodifiable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> refused;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<EntityType> types;

  AnswerRoute(String template, Shape shape, Level best, EntityType... types) {
    this(template, shape, best, Set.of(), types);
  }

  AnswerRoute(String template, Shape shape, Level best, Set<String> refused, EntityType... types) {
    this.template = requireNonNull(template);
    this.shape = shape;
    this.best = best;
    this.refused = refused;
    this.types = List.of(types);
  }

  /** Route of the path of these segments. */
  public static Optional<AnswerRoute> of(List<String> segments) {
    return find(segments).map(PathTable.Found::value);
  }

  /** Route of the path of these segments, with its parameters. */
  static Optional<PathTable.Found<AnswerRoute>> find(List<String> segments) {
    return TABLE.find(segments);
  }

  /** As in Discord's documentation, but for the names of most parameters. */
  public String template() {
    return template;
  }

  /** What has to be looked at. */
  public Shape shape() {
    return shape;
  }

  /** Level of its closest answers. */
  public Level best() {
    return best;
  }

  /** Types that have to be looked at; the first is the one asked for. */
  public List<EntityType> types() {
    return types;
  }

  /** Query parameters with which there is no answer if they are true. */
  Set<String> refused() {
    return refused;
  }
}
