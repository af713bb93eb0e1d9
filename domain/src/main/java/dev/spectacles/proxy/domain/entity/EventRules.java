package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.EntityType.AUTOMOD;
import static dev.spectacles.proxy.domain.entity.EntityType.CHANNEL_INFO;
import static dev.spectacles.proxy.domain.entity.EntityType.EMOJI;
import static dev.spectacles.proxy.domain.entity.EntityType.EVENT;
import static dev.spectacles.proxy.domain.entity.EntityType.INTEGRATION;
import static dev.spectacles.proxy.domain.entity.EntityType.MEMBER;
import static dev.spectacles.proxy.domain.entity.EntityType.PRESENCE;
import static dev.spectacles.proxy.domain.entity.EntityType.STICKER;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What each of the gateway's events changes of what is kept.
 *
 * <p>What comes twice, late, or again after a crash leaves behind what it does once and in time: no
 * counting, and what was deleted stays so for a while. An event without an id that Discord always
 * gives is refused; one of a private channel, where there may be none, changes nothing.
 *
 * <p>Source: Discord docs, Gateway Events.
 */
public final class EventRules {
  private static final Rule NOTHING = (event, kept) -> new Effect.None();

  private final SequencedMap<String, Rule> rules = new LinkedHashMap<>();
  private final Kept kept;

  /** Rules for a bot whose user is not known yet. */
  public EventRules(Set<EntityType> kept) {
    this(kept, OptionalLong.empty());
  }

  /**
   * Rules for what is kept.
   *
   * @param kept types; of others nothing is changed
   * @param self the bot's user, where it is known: without it, what it has left is kept for longer
   */
  public EventRules(Set<EntityType> kept, OptionalLong self) {
    this.kept = new Kept(kept, self);
    session();
    whole();
    created();
    updated();
    deleted();
  }

  /**
   * Names of the events that are of use, be it only as they tell that an answer of Discord's is out
   * of date. Of two that were published at one time, the one that comes first here goes first.
   */
  public List<String> names() {
    return List.copyOf(rules.sequencedKeySet());
  }

  /**
   * What this event changes; nothing if it is of another name.
   *
   * @throws InvalidEventException if it lacks an id that Discord always gives
   */
  public Effect effectOf(GatewayEvent event) throws InvalidEventException {
    return rules.getOrDefault(event.name(), NOTHING).effectOf(event, kept);
  }

  private void session() {
    rules.put("READY", SessionRules::ready);
    rules.put("RESUMED", NOTHING);
  }

  /** What is told as a whole: what follows changes it. */
  private void whole() {
    rules.put("GUILD_DELETE", GuildRules::deleted);
    rules.put("GUILD_CREATE", GuildRules::created);
    rules.put("THREAD_LIST_SYNC", ThreadRules::listed);
    rules.put("SOUNDBOARD_SOUNDS", ExpressionRules::soundsTold);
    ifAny(Set.of(MEMBER, PRESENCE), "GUILD_MEMBERS_CHUNK", MemberRules::chunk);
    ifAny(Set.of(CHANNEL_INFO), "CHANNEL_INFO", ChannelRules::infosTold);
  }

  private void created() {
    rules.put("GUILD_ROLE_CREATE", SimpleRules::roleTold);
    rules.put("CHANNEL_CREATE", ChannelRules::told);
    rules.put("THREAD_CREATE", ThreadRules::created);
    rules.put("STAGE_INSTANCE_CREATE", ChannelRules::stageTold);
    rules.put("GUILD_SCHEDULED_EVENT_CREATE", SimpleRules::scheduleTold);
    rules.put("GUILD_SCHEDULED_EVENT_USER_ADD", NOTHING);
    rules.put("GUILD_SOUNDBOARD_SOUND_CREATE", ExpressionRules::soundTold);
    rules.put("GUILD_MEMBER_ADD", MemberRules::added);
    rules.put("GUILD_BAN_ADD", NOTHING);
    rules.put("GUILD_AUDIT_LOG_ENTRY_CREATE", NOTHING);
    rules.put("INTEGRATION_CREATE", SimpleRules.told(INTEGRATION));
    rules.put("AUTO_MODERATION_RULE_CREATE", SimpleRules.told(AUTOMOD));
    rules.put("INVITE_CREATE", NOTHING);
    rules.put("ENTITLEMENT_CREATE", NOTHING);
    rules.put("SUBSCRIPTION_CREATE", NOTHING);
    rules.put("MESSAGE_CREATE", MessageRules::created);
    rules.put("MESSAGE_REACTION_ADD", MessageRules::reacted);
    rules.put("MESSAGE_POLL_VOTE_ADD", NOTHING);
  }

  private void updated() {
    rules.put("GUILD_UPDATE", GuildRules::updated);
    rules.put("GUILD_ROLE_UPDATE", SimpleRules::roleTold);
    rules.put("GUILD_EMOJIS_UPDATE", ExpressionRules.allTold(EMOJI, "emojis"));
    rules.put("GUILD_STICKERS_UPDATE", ExpressionRules.allTold(STICKER, "stickers"));
    rules.put("CHANNEL_UPDATE", ChannelRules::told);
    rules.put("CHANNEL_PINS_UPDATE", ChannelRules::pinned);
    ifAny(Set.of(CHANNEL_INFO), "VOICE_CHANNEL_STATUS_UPDATE", ChannelRules::infoTold);
    ifAny(Set.of(CHANNEL_INFO), "VOICE_CHANNEL_START_TIME_UPDATE", ChannelRules::infoTold);
    // What is archived no more comes back with the first, the membership with the second.
    rules.put("THREAD_UPDATE", ThreadRules::updated);
    rules.put("THREAD_MEMBER_UPDATE", ThreadRules::joined);
    rules.put("THREAD_MEMBERS_UPDATE", ThreadRules::membersChanged);
    rules.put("STAGE_INSTANCE_UPDATE", ChannelRules::stageTold);
    rules.put("GUILD_SCHEDULED_EVENT_UPDATE", SimpleRules::scheduleTold);
    rules.put("GUILD_SOUNDBOARD_SOUND_UPDATE", ExpressionRules::soundTold);
    rules.put("GUILD_SOUNDBOARD_SOUNDS_UPDATE", ExpressionRules::soundsChanged);
    rules.put("GUILD_MEMBER_UPDATE", MemberRules::updated);
    ifAny(Set.of(PRESENCE), "PRESENCE_UPDATE", MemberRules::present);
    rules.put("VOICE_STATE_UPDATE", MemberRules::voiceTold);
    rules.put("USER_UPDATE", SessionRules::selfUpdated);
    rules.put("GUILD_INTEGRATIONS_UPDATE", NOTHING);
    rules.put("INTEGRATION_UPDATE", SimpleRules.merged(INTEGRATION));
    rules.put("AUTO_MODERATION_RULE_UPDATE", SimpleRules.told(AUTOMOD));
    rules.put("APPLICATION_COMMAND_PERMISSIONS_UPDATE", NOTHING);
    rules.put("WEBHOOKS_UPDATE", NOTHING);
    rules.put("ENTITLEMENT_UPDATE", NOTHING);
    rules.put("SUBSCRIPTION_UPDATE", NOTHING);
    rules.put("MESSAGE_UPDATE", NOTHING);
  }

  private void deleted() {
    rules.put("GUILD_ROLE_DELETE", SimpleRules::roleDeleted);
    rules.put("THREAD_DELETE", ThreadRules::deleted);
    rules.put("STAGE_INSTANCE_DELETE", ChannelRules::stageDeleted);
    rules.put("CHANNEL_DELETE", ChannelRules::deleted);
    rules.put("GUILD_SCHEDULED_EVENT_DELETE", SimpleRules.deleted(EVENT));
    rules.put("GUILD_SCHEDULED_EVENT_USER_REMOVE", NOTHING);
    rules.put("GUILD_SOUNDBOARD_SOUND_DELETE", ExpressionRules::soundDeleted);
    rules.put("GUILD_MEMBER_REMOVE", MemberRules::removed);
    rules.put("GUILD_BAN_REMOVE", NOTHING);
    rules.put("INTEGRATION_DELETE", SimpleRules.deleted(INTEGRATION));
    rules.put("AUTO_MODERATION_RULE_DELETE", SimpleRules.deleted(AUTOMOD));
    rules.put("INVITE_DELETE", NOTHING);
    rules.put("ENTITLEMENT_DELETE", NOTHING);
    rules.put("SUBSCRIPTION_DELETE", NOTHING);
    rules.put("MESSAGE_REACTION_REMOVE", NOTHING);
    rules.put("MESSAGE_REACTION_REMOVE_EMOJI", NOTHING);
    rules.put("MESSAGE_REACTION_REMOVE_ALL", NOTHING);
    rules.put("MESSAGE_POLL_VOTE_REMOVE", NOTHING);
    rules.put("MESSAGE_DELETE", NOTHING);
    rules.put("MESSAGE_DELETE_BULK", NOTHING);
  }

  /** For events that are frequent, or have to be asked for, and tell of these types only. */
  private void ifAny(Set<EntityType> types, String name, Rule rule) {
    if (types.stream().anyMatch(kept::has)) {
      rules.put(name, rule);
    }
  }
}
