package dev.spectacles.proxy.domain.entity.answer;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.cache.CacheKeys;
import dev.spectacles.proxy.domain.cache.PathTable;
import dev.spectacles.proxy.domain.cache.Storing;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.route.PathSegments;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * GET that what the gateway told may answer.
 *
 * @param guild snowflake; empty where the path does not name it
 * @param id of the one entity that is asked for; 0 for a list, and for what is the bot's own
 * @param after members up to this id are left out
 * @param limit of members
 */
public record Question(AnswerRoute route, OptionalLong guild, long id, long after, int limit) {
  private static final String GUILD = "guild_id";
  private static final String ID = "id";
  private static final String AFTER = "after";
  private static final String LIMIT = "limit";
  private static final int MOST_MEMBERS = 1000;

  public Question {
    requireNonNull(route, "route");
    requireNonNull(guild, "guild");
  }

  /** What a request asks; empty if only Discord can answer it. */
  public static Optional<Question> of(ProxyRequest request) {
    List<String> segments = PathSegments.of(request.path());
    // With a prefix of its own or a slash at its end, Discord may read it as another path.
    boolean plain =
        segments.size() == request.path().segments().size()
            && !request.path().value().endsWith("/");
    if (!plain || !Storing.concerns(request)) {
      return Optional.empty();
    }
    return AnswerRoute.find(segments)
        .flatMap(found -> of(found, CacheKeys.canonicalQuery(request.query())));
  }

  private static Optional<Question> of(
      PathTable.Found<AnswerRoute> found, List<QueryParameter> query) {
    AnswerRoute route = found.value();
    Map<String, String> parameters = found.parameters();
    OptionalLong guild = Snowflakes.parse(parameters.getOrDefault(GUILD, "0"));
    OptionalLong id = Snowflakes.parse(parameters.getOrDefault(ID, "0"));
    OptionalLong after = OptionalLong.of(0);
    OptionalLong limit = OptionalLong.of(1);
    for (QueryParameter parameter : query) {
      boolean ofMembers = route == AnswerRoute.MEMBERS;
      if (ofMembers && parameter.name().equals(AFTER)) {
        after = Snowflakes.parse(parameter.value());
      } else if (ofMembers && parameter.name().equals(LIMIT)) {
        limit = Snowflakes.parse(parameter.value());
      } else if (!route.refused().contains(parameter.name())
          || !parameter.value().equals("false")) {
        return Optional.empty();
      }
    }
    boolean repeated = query.stream().map(QueryParameter::name).distinct().count() < query.size();
    if (repeated
        || guild.isEmpty()
        || id.isEmpty()
        || after.isEmpty()
        || limit.isEmpty()
        || limit.getAsLong() < 1
        || limit.getAsLong() > MOST_MEMBERS) {
      return Optional.empty();
    }
    return Optional.of(
        new Question(
            route,
            parameters.containsKey(GUILD) ? guild : OptionalLong.empty(),
            id.getAsLong(),
            after.getAsLong(),
            (int) limit.getAsLong()));
  }

  /** Whether what is kept of a guild may be relied on for this. */
  public boolean isAnswerable(GuildState state, Keeping keeping) {
    List<EntityType> needed =
        route == AnswerRoute.GUILD ? route.types() : route.types().subList(0, 1);
    return state.standing() == GuildState.Standing.AVAILABLE
        && state.syncedMillis() > 0
        && keeping.types().containsAll(needed)
        && (route != AnswerRoute.MEMBERS || state.membersComplete());
  }

  /** What the one entity that is asked for can be, if the bot's own id is this. */
  public List<EntityKey> keys(long guildId, long self) {
    long entity = route == AnswerRoute.OWN_VOICE_STATE ? self : id;
    return route.types().stream().map(type -> new EntityKey(guildId, type, entity)).toList();
  }

  /** What else has to be looked at once that was: the channel that somebody's voice is in. */
  public List<EntityKey> further(Known known) {
    boolean ofVoice = route == AnswerRoute.VOICE_STATE || route == AnswerRoute.OWN_VOICE_STATE;
    return known
        .entities()
        .getOrDefault(EntityType.VOICE, Collections.emptySortedMap())
        .values()
        .stream()
        .filter(any -> ofVoice)
        .flatMap(voice -> voice.id("channel_id").stream().boxed())
        .map(channel -> new EntityKey(known.guild(), EntityType.CHANNEL, channel))
        .toList();
  }
}
