package dev.spectacles.proxy.domain.cache;

import static java.util.stream.Collectors.toSet;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routes that change something, and the tags of what they change.
 *
 * <p>The path of a write to a channel does not name the guild, but mostly its answer does. Where it
 * does not, as for permissions, or where no answer came, {@code g:?:channels} is bumped, which the
 * list of channels of every guild bears. Likewise {@code c:?} stands for all channels that a change
 * to a role, a category or a parent channel may concern; every answer of a channel bears it.
 *
 * <p>Besides those of the table, each write bumps the tag of its path and of every prefix of it,
 * but for rows with a dash: what they change is never stored, and they are too frequent or too
 * urgent to ask a store for nothing. A path that is in no row bumps all of the guild, channel or
 * application that it names.
 *
 * <p>Accepted: {@code last_message_id} and the counters of threads in the lists of a guild follow
 * by their time only, as they do on the gateway, where a message updates no channel either. So do
 * messages that a webhook or an interaction changes by its token, unless the answer names the
 * channel: the path does not, and a deletion or a post without {@code wait} has no answer. Messages
 * are not kept unless a time is set for them, but a GET that is under way is shared.
 */
final class WriteTable {
  /**
   * A route that changes something.
   *
   * @param silent whether the tags of its path are left alone
   */
  record WriteRoute(boolean silent, List<TagTemplate> tags) {}

  private static final String TABLE =
      """
      POST   /guilds viewer:{me}
      PATCH  /guilds/{guild_id} g:{guild_id}:all template:? owner_id>c:?
      DELETE /guilds/{guild_id} g:{guild_id}:all g:*:members c:? template:? viewer:{me}
      DELETE /users/@me/guilds/{guild_id} g:{guild_id}:all g:*:members c:? viewer:{me}
      POST   /guilds/templates/{code} template:{code} viewer:{me}
      PATCH  /guilds/{guild_id}/widget g:{guild_id} g:{guild_id}:widget
      PATCH  /guilds/{guild_id}/vanity-url g:{guild_id} g:{guild_id}:vanity g:{guild_id}:invites
      PUT    /guilds/{guild_id}/onboarding g:{guild_id} g:{guild_id}:onboarding
      PATCH  /guilds/{guild_id}/welcome-screen g:{guild_id} g:{guild_id}:welcome
      PUT    /guilds/{guild_id}/incident-actions g:{guild_id} g:{guild_id}:invites
      POST   /guilds/{guild_id}/channels
             g:{guild_id}:channels g:{guild_id}:threads template:? c:{!id}:all
      PATCH  /guilds/{guild_id}/channels
             g:{guild_id}:channels g:{guild_id}:threads template:? c:?
      PATCH  /channels/{channel_id} c:{channel_id} template:?
             permission_overwrites|type>c:{channel_id}:all permission_overwrites|type>c:?
             g:{.guild_id}:channels g:{.guild_id}:threads c:{.parent_id}:threads
      DELETE /channels/{channel_id} c:{channel_id}:all c:? template:?
             g:{.guild_id}:all c:{.parent_id}:threads
      PUT    /channels/{channel_id}/permissions/{overwrite_id}
             c:{channel_id} c:{channel_id}:all c:? template:? g:{.guild_id}:channels
      DELETE /channels/{channel_id}/permissions/{overwrite_id}
             c:{channel_id} c:{channel_id}:all c:? template:? g:{.guild_id}:channels
      PUT    /channels/{channel_id}/voice-status c:{channel_id} g:{.guild_id}:channels
      PUT    /channels/{channel_id}/recipients/{user_id} c:{channel_id}:all
      DELETE /channels/{channel_id}/recipients/{user_id} c:{channel_id}:all
      POST   /users/@me/channels c:{!id}:all
      POST   /guilds/{guild_id}/roles
             g:{guild_id} g:{guild_id}:roles g:{guild_id}:channels template:?
      PATCH  /guilds/{guild_id}/roles
             g:{guild_id} g:{guild_id}:roles g:{guild_id}:channels template:?
      PATCH  /guilds/{guild_id}/roles/{role_id}
             g:{guild_id} g:{guild_id}:roles g:{guild_id}:channels template:?
             permissions>g:{guild_id}:all permissions>c:?
      DELETE /guilds/{guild_id}/roles/{role_id} g:{guild_id}:all g:*:members c:? template:?
      PUT    /guilds/{guild_id}/members/{user_id} g:{guild_id} g:{guild_id}:members
             g:{guild_id}:m:{user_id} g:*:members viewer:{user_id} viewer:?
      PATCH  /guilds/{guild_id}/members/{user_id} g:{guild_id}:members
             g:{guild_id}:m:{user_id} g:*:members viewer:{user_id} viewer:?
      PATCH  /guilds/{guild_id}/members/@me
             g:{guild_id}:members g:{guild_id}:m:{me} g:*:members
      PATCH  /guilds/{guild_id}/members/@me/nick
             g:{guild_id}:members g:{guild_id}:m:{me} g:*:members
      DELETE /guilds/{guild_id}/members/{user_id} g:{guild_id} g:{guild_id}:members
             g:{guild_id}:m:{user_id} g:*:members viewer:{user_id} viewer:?
             g:{guild_id}:roles g:{guild_id}:integrations
      PUT    /guilds/{guild_id}/members/{user_id}/roles/{role_id} g:{guild_id}:members
             g:{guild_id}:m:{user_id} g:*:members viewer:{user_id} viewer:?
      DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id} g:{guild_id}:members
             g:{guild_id}:m:{user_id} g:*:members viewer:{user_id} viewer:?
      PATCH  /guilds/{guild_id}/requests/{request_id}
             g:{guild_id} g:{guild_id}:members g:{guild_id}:m:? g:*:members
      PUT    /guilds/{guild_id}/bans/{user_id} g:{guild_id} g:{guild_id}:bans
             g:{guild_id}:members g:{guild_id}:m:{user_id} g:*:members
             viewer:{user_id} viewer:? g:{guild_id}:roles g:{guild_id}:integrations
             delete_message_seconds|delete_message_days>c:?
      DELETE /guilds/{guild_id}/bans/{user_id} g:{guild_id}:bans
      POST   /guilds/{guild_id}/bulk-ban g:{guild_id}:all g:*:members c:?
      POST   /guilds/{guild_id}/prune
             g:{guild_id} g:{guild_id}:members g:{guild_id}:m:? g:*:members
      PATCH  /guilds/{guild_id}/voice-states/@me g:{guild_id}:voice
      PATCH  /guilds/{guild_id}/voice-states/{user_id} g:{guild_id}:voice
      POST   /guilds/{guild_id}/emojis g:{guild_id} g:{guild_id}:emojis
      PATCH  /guilds/{guild_id}/emojis/{emoji_id} g:{guild_id} g:{guild_id}:emojis
      DELETE /guilds/{guild_id}/emojis/{emoji_id} g:{guild_id} g:{guild_id}:emojis
             g:{guild_id}:onboarding g:{guild_id}:welcome
      POST   /guilds/{guild_id}/stickers g:{guild_id} g:{guild_id}:stickers
      PATCH  /guilds/{guild_id}/stickers/{sticker_id}
             g:{guild_id} g:{guild_id}:stickers sticker:{sticker_id}
      DELETE /guilds/{guild_id}/stickers/{sticker_id}
             g:{guild_id} g:{guild_id}:stickers sticker:{sticker_id}
      POST   /guilds/{guild_id}/soundboard-sounds g:{guild_id}:sounds
      PATCH  /guilds/{guild_id}/soundboard-sounds/{sound_id} g:{guild_id}:sounds
      DELETE /guilds/{guild_id}/soundboard-sounds/{sound_id} g:{guild_id}:sounds
      POST   /guilds/{guild_id}/scheduled-events g:{guild_id}:events
      PATCH  /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
             g:{guild_id}:events stage:?
      DELETE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
             g:{guild_id}:events stage:?
      POST   /stage-instances stage:{.channel_id} g:{.guild_id}:events
      PATCH  /stage-instances/{channel_id} stage:{channel_id}
      DELETE /stage-instances/{channel_id} stage:{channel_id} g:{.guild_id}:events
      POST   /guilds/{guild_id}/auto-moderation/rules g:{guild_id}:automod
      PATCH  /guilds/{guild_id}/auto-moderation/rules/{rule_id} g:{guild_id}:automod
      DELETE /guilds/{guild_id}/auto-moderation/rules/{rule_id} g:{guild_id}:automod
      DELETE /guilds/{guild_id}/integrations/{integration_id}
             g:{guild_id}:all g:*:members c:? template:?
      POST   /guilds/{guild_id}/templates g:{guild_id}:templates
      PUT    /guilds/{guild_id}/templates/{code} g:{guild_id}:templates template:{code}
      PATCH  /guilds/{guild_id}/templates/{code} g:{guild_id}:templates template:{code}
      DELETE /guilds/{guild_id}/templates/{code} g:{guild_id}:templates template:{code}
      POST   /channels/{channel_id}/threads c:{channel_id} c:{channel_id}:msgs
             c:{channel_id}:threads g:{.guild_id}:threads c:{!id}:all
      POST   /channels/{channel_id}/messages/{message_id}/threads c:{channel_id}
             c:{channel_id}:msgs c:{channel_id}:threads g:{.guild_id}:threads c:{message_id}:all
      PUT    /channels/{channel_id}/thread-members/@me c:{channel_id}
             c:{channel_id}:tmembers c:{.parent_id}:threads g:{.guild_id}:threads
      PUT    /channels/{channel_id}/thread-members/{user_id} c:{channel_id}:all
             c:{.parent_id}:threads g:{.guild_id}:threads
      DELETE /channels/{channel_id}/thread-members/@me c:{channel_id}:all
             c:{.parent_id}:threads g:{.guild_id}:threads
      DELETE /channels/{channel_id}/thread-members/{user_id} c:{channel_id}:all
             c:{.parent_id}:threads g:{.guild_id}:threads
      POST   /channels/{channel_id}/messages c:{channel_id} c:{channel_id}:msgs
             .position>g:{.guild_id}:threads .position>c:{.parent_id}:threads
      PATCH  /channels/{channel_id}/messages/{message_id} c:{channel_id}:msgs
      DELETE /channels/{channel_id}/messages/{message_id} c:{channel_id} c:{channel_id}:msgs
      POST   /channels/{channel_id}/messages/bulk-delete c:{channel_id} c:{channel_id}:msgs
      POST   /channels/{channel_id}/messages/{message_id}/crosspost c:{channel_id}:msgs
      PUT    /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me
             c:{channel_id}:msgs
      DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me
             c:{channel_id}:msgs
      DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}
             c:{channel_id}:msgs
      DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}
             c:{channel_id}:msgs
      DELETE /channels/{channel_id}/messages/{message_id}/reactions c:{channel_id}:msgs
      PUT    /channels/{channel_id}/messages/pins/{message_id} c:{channel_id} c:{channel_id}:msgs
      DELETE /channels/{channel_id}/messages/pins/{message_id} c:{channel_id} c:{channel_id}:msgs
      PUT    /channels/{channel_id}/pins/{message_id} c:{channel_id} c:{channel_id}:msgs
      DELETE /channels/{channel_id}/pins/{message_id} c:{channel_id} c:{channel_id}:msgs
      POST   /channels/{channel_id}/polls/{message_id}/expire c:{channel_id}:msgs
      POST   /channels/{channel_id}/invites c:{channel_id}:invites g:{.guild_id}:invites
      DELETE /invites/{code} invite:{code} c:?:invites g:{.guild_id}:invites
      PUT    /invites/{code}/target-users invite:{code}
      PATCH  /users/@me all
      PATCH  /applications/@me app:?
      PATCH  /applications/{application_id} app:?
      POST   /applications/{application_id}/commands app:{application_id}:cmds
      PUT    /applications/{application_id}/commands app:{application_id}:cmds
      PATCH  /applications/{application_id}/commands/{command_id} app:{application_id}:cmds
      DELETE /applications/{application_id}/commands/{command_id} app:{application_id}:cmds
      POST   /applications/{application_id}/guilds/{guild_id}/commands
             app:{application_id}:cmds:{guild_id}
      PUT    /applications/{application_id}/guilds/{guild_id}/commands
             app:{application_id}:cmds:{guild_id}
      PATCH  /applications/{application_id}/guilds/{guild_id}/commands/{command_id}
             app:{application_id}:cmds:{guild_id}
      DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}
             app:{application_id}:cmds:{guild_id}
      PUT    /applications/{application_id}/guilds/{guild_id}/commands/permissions
             app:{application_id}:perms:{guild_id}
      PUT    /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions
             app:{application_id}:perms:{guild_id}
      PUT    /applications/{application_id}/role-connections/metadata app:{application_id}:metadata
      POST   /applications/{application_id}/emojis app:{application_id}:emojis
      PATCH  /applications/{application_id}/emojis/{emoji_id} app:{application_id}:emojis
      DELETE /applications/{application_id}/emojis/{emoji_id} app:{application_id}:emojis
      POST   /applications/{application_id}/entitlements app:{application_id}:entitlements
      POST   /applications/{application_id}/entitlements/{entitlement_id}/consume
             app:{application_id}:entitlements
      DELETE /applications/{application_id}/entitlements/{entitlement_id}
             app:{application_id}:entitlements
      POST   /applications/{application_id}/attachment -
      PUT    /users/@me/applications/{application_id}/role-connection viewer:{me}
      DELETE /users/@me/applications/{application_id}/role-connection viewer:{me}
      POST   /channels/{channel_id}/attachments -
      POST   /channels/{channel_id}/followers -
      POST   /channels/{channel_id}/send-soundboard-sound -
      POST   /channels/{channel_id}/typing -
      POST   /channels/{channel_id}/webhooks -
      PATCH  /webhooks/{webhook_id} -
      DELETE /webhooks/{webhook_id} -
      PATCH  /webhooks/{webhook_id}/{webhook_token} -
      DELETE /webhooks/{webhook_id}/{webhook_token} -
      POST   /webhooks/{webhook_id}/{webhook_token} - c:{!channel_id} c:{!channel_id}:msgs
      POST   /webhooks/{webhook_id}/{webhook_token}/github - c:{!channel_id} c:{!channel_id}:msgs
      POST   /webhooks/{webhook_id}/{webhook_token}/slack - c:{!channel_id} c:{!channel_id}:msgs
      PATCH  /webhooks/{webhook_id}/{webhook_token}/messages/@original - c:{!channel_id}:msgs
      PATCH  /webhooks/{webhook_id}/{webhook_token}/messages/{message_id} - c:{!channel_id}:msgs
      DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original -
      DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id} -
      POST   /interactions/{interaction_id}/{interaction_token}/callback -
      """;

  private static final Map<String, Map<String, WriteRoute>> BY_TEMPLATE = byTemplate();
  private static final PathTable<Map<String, WriteRoute>> BY_PATH = new PathTable<>(BY_TEMPLATE);

  private WriteTable() {}

  /** Routes of this path, by method. */
  static Optional<PathTable.Found<Map<String, WriteRoute>>> find(List<String> segments) {
    return BY_PATH.find(segments);
  }

  /** Method and template of each row. */
  static Set<String> routes() {
    return BY_TEMPLATE.entrySet().stream()
        .flatMap(at -> at.getValue().keySet().stream().map(method -> method + ' ' + at.getKey()))
        .collect(toSet());
  }

  private static Map<String, Map<String, WriteRoute>> byTemplate() {
    var byTemplate = new LinkedHashMap<String, Map<String, WriteRoute>>();
    for (List<String> row : ReadRoutes.rows(TABLE)) {
      List<String> tags = row.subList(2, row.size());
      boolean silent = tags.contains("-");
      var route =
          new WriteRoute(
              silent, tags.stream().skip(silent ? 1 : 0).map(TagTemplate::parse).toList());
      byTemplate
          .computeIfAbsent(row.get(1), template -> new HashMap<>())
          .put(row.getFirst(), route);
    }
    return byTemplate;
  }
}
