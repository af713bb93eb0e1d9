package dev.spectacles.proxy.domain.entity.answer;

import static java.util.Comparator.comparingLong;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import dev.spectacles.proxy.domain.request.Body;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers in the form of Discord's REST API, made from what is kept. What is not there is no reason
 * for a 404: the gateway may not have told it yet.
 */
public final class Composition {
  private static final String GUILD_ID = "guild_id";

  /** What guilds have on the gateway only; the last five are not documented. */
  private static final Set<String> GATEWAY_ONLY =
      Set.of(
          "joined_at",
          "large",
          "unavailable",
          "member_count",
          "voice_states",
          "members",
          "channels",
          "threads",
          "presences",
          "stage_instances",
          "guild_scheduled_events",
          "soundboard_sounds",
          "activity_instances",
          "application_command_counts",
          "embedded_activities",
          "lazy",
          "version");

  /** What a member has who was told of as a whole. */
  private static final List<String> OF_MEMBER =
      List.of("user", "roles", "joined_at", "deaf", "mute", "flags");

  /** An event that is over, or was called off. */
  private static final long FIRST_OVER = 3;

  private final Question question;
  private final Known known;
  private final Keeping keeping;

  private Composition(Question question, Known known, Keeping keeping) {
    this.question = question;
    this.known = known;
    this.keeping = keeping;
  }

  /** The bot's own user. */
  public static Answer self(Body user) {
    return new Answer(AnswerRoute.SELF.best(), user);
  }

  /**
   * Answer to a question about a guild.
   *
   * @param known with what {@link Question#keys} or the types of its route name
   * @return empty if only Discord can tell
   */
  public static Optional<Answer> answer(Question question, Known known, Keeping keeping) {
    return question.isAnswerable(known.state(), keeping)
        ? new Composition(question, known, keeping).answer()
        : Optional.empty();
  }

  private Optional<Answer> answer() {
    return switch (question.route()) {
      case GUILD -> guild();
      case CHANNELS -> channels();
      case CHANNEL -> channel();
      case ACTIVE_THREADS -> complete(EntityType.THREAD).map(this::activeThreads);
      case ROLES -> complete(EntityType.ROLE).filter(roles -> !roles.isEmpty()).map(this::array);
      case EMOJIS -> complete(EntityType.EMOJI).map(this::array);
      case STICKERS -> complete(EntityType.STICKER).map(this::array);
      case SOUNDS -> complete(EntityType.SOUND).map(this::items);
      case MEMBERS -> members();
      case MEMBER -> single().filter(Composition::isWhole).map(this::object);
      case ROLE, EMOJI, STICKER, SOUND -> single().map(this::object);
      case VOICE_STATE, OWN_VOICE_STATE -> single().filter(this::isVisible).map(this::object);
      case STAGE ->
          known
              .get(EntityType.STAGE, question.id())
              .filter(any -> isSeen(question.id()))
              .map(this::object);
      case EVENTS -> events();
      case EVENT -> event();
      case SELF -> Optional.empty();
    };
  }

  private Optional<Answer> guild() {
    Optional<JsonObject> guild = known.get(EntityType.GUILD, known.guild());
    Optional<List<JsonObject>> roles = complete(EntityType.ROLE).filter(all -> !all.isEmpty());
    Optional<List<JsonObject>> emojis = complete(EntityType.EMOJI);
    Optional<List<JsonObject>> stickers = complete(EntityType.STICKER);
    if (guild.isEmpty() || roles.isEmpty() || emojis.isEmpty() || stickers.isEmpty()) {
      return Optional.empty();
    }
    JsonObject whole =
        guild
            .get()
            .without(GATEWAY_ONLY)
            .with("roles", listed(roles.get()))
            .with("emojis", listed(emojis.get()))
            .with("stickers", listed(stickers.get()));
    Level level = known.state().guildComplete() ? Level.FAITHFUL : Level.LOSSY;
    return Optional.of(answer(level, whole));
  }

  private Optional<Answer> channels() {
    return complete(EntityType.CHANNEL)
        .map(
            all ->
                all.stream()
                    .filter(channel -> !Channels.isThread(channel))
                    .filter(channel -> !Channels.isObfuscated(channel))
                    .map(this::inGuild)
                    // Stable: those of one position stay in the order of their ids.
                    .sorted(comparingLong(channel -> channel.number("position").orElse(0)))
                    .toList())
        .map(all -> answer(channelLevel(), listed(all)));
  }

  private Optional<Answer> channel() {
    Optional<JsonObject> channel = known.get(EntityType.CHANNEL, question.id());
    if (channel.isPresent()) {
      return channel
          .filter(any -> !Channels.isObfuscated(any))
          .map(any -> answer(channelLevel(), inGuild(any)));
    }
    return known
        .get(EntityType.THREAD, question.id())
        .filter(thread -> !Channels.isArchived(thread))
        .map(thread -> answer(Level.FALLBACK, asThread(thread)));
  }

  private Level channelLevel() {
    return keeping.messages() ? Level.FAITHFUL : Level.LOSSY;
  }

  private Answer activeThreads(List<JsonObject> all) {
    List<JsonObject> threads =
        all.stream().filter(thread -> !Channels.isArchived(thread)).toList().reversed();
    var members = new ArrayList<Json>();
    for (JsonObject thread : threads) {
      thread
          .object("member")
          .map(member -> filled(member, "user_id", JsonScalar.ofId(known.self())))
          .map(member -> thread.get("id").map(id -> filled(member, "id", id)).orElse(member))
          .ifPresent(members::add);
    }
    var whole = new LinkedHashMap<String, Json>();
    whole.put("threads", listed(threads.stream().map(this::asThread).toList()));
    whole.put("members", new JsonArray(members));
    return answer(Level.FALLBACK, JsonObject.of(whole));
  }

  private Optional<Answer> members() {
    return complete(EntityType.MEMBER)
        .filter(all -> all.stream().allMatch(Composition::isWhole))
        .map(
            all ->
                all.stream()
                    .filter(member -> userId(member) > question.after())
                    .limit(question.limit())
                    .toList())
        .map(this::array);
  }

  private Optional<Answer> events() {
    return complete(EntityType.EVENT)
        .filter(all -> all.stream().allMatch(this::isVisible))
        .map(all -> all.stream().filter(Predicate.not(Composition::isOver)).toList())
        .map(this::array);
  }

  private Optional<Answer> event() {
    return known
        .get(EntityType.EVENT, question.id())
        .filter(this::isVisible)
        .filter(Predicate.not(Composition::isOver))
        .map(this::object);
  }

  /** Whether it takes place where the bot sees it. */
  private boolean isVisible(JsonObject inChannel) {
    return inChannel.id("channel_id").isEmpty() || isSeen(inChannel.id("channel_id").getAsLong());
  }

  private boolean isSeen(long channel) {
    return known
        .get(EntityType.CHANNEL, channel)
        .filter(any -> !Channels.isObfuscated(any))
        .isPresent();
  }

  private static boolean isOver(JsonObject event) {
    return event.number("status").orElse(0) >= FIRST_OVER;
  }

  private Optional<JsonObject> single() {
    return question.keys(known.guild(), known.self()).stream()
        .flatMap(key -> known.get(key.type(), key.id()).stream())
        .findFirst();
  }

  private Optional<List<JsonObject>> complete(EntityType type) {
    return known.complete(type).map(all -> all.stream().map(one -> plain(type, one)).toList());
  }

  /** As REST has it. */
  private static JsonObject plain(EntityType type, JsonObject entity) {
    return switch (type) {
      case ROLE, EMOJI, MEMBER -> entity.without(Set.of(GUILD_ID));
      case EVENT -> entity.without(Set.of("user_count"));
      case THREAD -> entity.without(Set.of("newly_created"));
      case GUILD,
          CHANNEL,
          STICKER,
          SOUND,
          STAGE,
          CHANNEL_INFO,
          VOICE,
          PRESENCE,
          AUTOMOD,
          INTEGRATION ->
          entity;
    };
  }

  private JsonObject inGuild(JsonObject channel) {
    return filled(channel, GUILD_ID, JsonScalar.ofId(known.guild()));
  }

  private JsonObject asThread(JsonObject thread) {
    return inGuild(plain(EntityType.THREAD, thread));
  }

  private static JsonObject filled(JsonObject object, String name, Json value) {
    return object.has(name) ? object : object.with(name, value);
  }

  private static boolean isWhole(JsonObject member) {
    return OF_MEMBER.stream().allMatch(member::has) && userId(member) > 0;
  }

  private static long userId(JsonObject member) {
    return member.object("user").map(user -> user.id("id").orElse(0)).orElse(0L);
  }

  private Answer items(List<JsonObject> all) {
    return answer(question.route().best(), JsonObject.EMPTY.with("items", listed(all)));
  }

  private Answer array(List<JsonObject> all) {
    return answer(question.route().best(), listed(all));
  }

  private Answer object(JsonObject entity) {
    return answer(question.route().best(), plain(question.route().types().getFirst(), entity));
  }

  private static JsonArray listed(List<JsonObject> all) {
    return new JsonArray(List.copyOf(all));
  }

  private static Answer answer(Level level, Json body) {
    return new Answer(level, Body.of(body.bytes()));
  }
}
