package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.PathSegments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Every GET route that Discord documents, its group, and the tags that its answers bear: whatever
 * may change such an answer bumps one of them.
 *
 * <p>Besides those of the table, answers of a guild bear {@code g:…:all}, those of a channel {@code
 * c:…:all} and {@code c:?}, those of an application {@code app:…:all}; and what a bot sees of
 * guilds and channels bears its {@code viewer}. A {@code ?} is for writes that cannot name what
 * they change, a {@code *} for answers that cannot name their guild.
 *
 * <p>Source: Discord's OpenAPI description and documentation of REST API v10.
 */
final class ReadRoutes {
  /** A GET route. */
  record ReadRoute(String template, RouteGroup group, List<TagTemplate> tags) {}

  private static final String TABLE =
      """
      STATIC    /gateway
      STATIC    /oauth2/keys
      STATIC    /soundboard-default-sounds
      STATIC    /sticker-packs
      STATIC    /sticker-packs/{pack_id}
      STATIC    /voice/regions
      SELDOM    /guilds/templates/{code} template:{code} template:?
      SELDOM    /guilds/{guild_id}/preview g:{guild_id} g:{guild_id}:emojis g:{guild_id}:stickers
      SELDOM    /guilds/{guild_id}/regions g:{guild_id}
      SELDOM    /guilds/{guild_id}/widget.json g:{guild_id} g:{guild_id}:widget
                g:{guild_id}:members g:{guild_id}:channels g:?:channels
      SELDOM    /stickers/{sticker_id} sticker:{sticker_id}
      STRUCTURE /channels/{channel_id} c:{channel_id}
      STRUCTURE /guilds/{guild_id} g:{guild_id}
      STRUCTURE /guilds/{guild_id}/channels g:{guild_id}:channels g:?:channels
      STRUCTURE /guilds/{guild_id}/emojis g:{guild_id}:emojis
      STRUCTURE /guilds/{guild_id}/emojis/{emoji_id} g:{guild_id}:emojis
      STRUCTURE /guilds/{guild_id}/roles g:{guild_id}:roles
      STRUCTURE /guilds/{guild_id}/roles/{role_id} g:{guild_id}:roles
      STRUCTURE /guilds/{guild_id}/scheduled-events g:{guild_id}:events g:?:events
      STRUCTURE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
                g:{guild_id}:events g:?:events
      STRUCTURE /guilds/{guild_id}/soundboard-sounds g:{guild_id}:sounds
      STRUCTURE /guilds/{guild_id}/soundboard-sounds/{sound_id} g:{guild_id}:sounds
      STRUCTURE /guilds/{guild_id}/stickers g:{guild_id}:stickers
      STRUCTURE /guilds/{guild_id}/stickers/{sticker_id} g:{guild_id}:stickers
      STRUCTURE /stage-instances/{channel_id} stage:{channel_id} stage:?
      PEOPLE    /guilds/{guild_id}/members/{user_id} g:{guild_id}:m:{user_id} g:{guild_id}:m:?
      USERS     /users/{user_id}
      LISTS     /channels/{channel_id}/thread-members c:{channel_id}:tmembers g:*:members
      LISTS     /channels/{channel_id}/thread-members/{user_id} c:{channel_id}:tmembers g:*:members
      LISTS     /channels/{channel_id}/threads/archived/private c:{channel_id}:threads c:?:threads
      LISTS     /channels/{channel_id}/threads/archived/public c:{channel_id}:threads c:?:threads
      LISTS     /channels/{channel_id}/threads/search c:{channel_id}:threads c:?:threads
      LISTS     /channels/{channel_id}/users/@me/threads/archived/private
                c:{channel_id}:threads c:?:threads
      LISTS     /guilds/{guild_id}/members g:{guild_id}:members
      LISTS     /guilds/{guild_id}/members/search g:{guild_id}:members
      LISTS     /guilds/{guild_id}/roles/member-counts g:{guild_id}:members g:{guild_id}:roles
      LISTS     /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users
                g:{guild_id}:events g:?:events g:{guild_id}:members
      LISTS     /guilds/{guild_id}/threads/active g:{guild_id}:threads g:?:threads
                g:{guild_id}:channels g:?:channels
      CONFIG    /applications/@me app:?
      CONFIG    /applications/{application_id} app:?
      CONFIG    /applications/{application_id}/emojis app:{application_id}:emojis
      CONFIG    /applications/{application_id}/emojis/{emoji_id} app:{application_id}:emojis
      CONFIG    /applications/{application_id}/guilds/{guild_id}/commands/permissions
                app:{application_id}:perms:{guild_id} app:{application_id}:cmds
                app:{application_id}:cmds:{guild_id}
      CONFIG    /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions
                app:{application_id}:perms:{guild_id} app:{application_id}:cmds
                app:{application_id}:cmds:{guild_id}
      CONFIG    /applications/{application_id}/role-connections/metadata
                app:{application_id}:metadata
      CONFIG    /guilds/{guild_id}/auto-moderation/rules g:{guild_id}:automod
      CONFIG    /guilds/{guild_id}/auto-moderation/rules/{rule_id} g:{guild_id}:automod
      CONFIG    /guilds/{guild_id}/integrations g:{guild_id}:integrations app:?
      CONFIG    /guilds/{guild_id}/new-member-welcome g:{guild_id}:welcome
      CONFIG    /guilds/{guild_id}/onboarding g:{guild_id}:onboarding
      CONFIG    /guilds/{guild_id}/templates g:{guild_id}:templates g:{guild_id}
                g:{guild_id}:roles g:{guild_id}:channels g:?:channels
      CONFIG    /guilds/{guild_id}/welcome-screen g:{guild_id}:welcome
      CONFIG    /guilds/{guild_id}/widget g:{guild_id}:widget
      COMMANDS  /applications/{application_id}/commands app:{application_id}:cmds
      COMMANDS  /applications/{application_id}/commands/{command_id} app:{application_id}:cmds
      COMMANDS  /applications/{application_id}/guilds/{guild_id}/commands
                app:{application_id}:cmds:{guild_id}
      COMMANDS  /applications/{application_id}/guilds/{guild_id}/commands/{command_id}
                app:{application_id}:cmds:{guild_id}
      MODERATION /guilds/{guild_id}/bans g:{guild_id}:bans
      MODERATION /guilds/{guild_id}/bans/{user_id} g:{guild_id}:bans
      CONTENT   /channels/{channel_id}/messages c:{channel_id}:msgs
      CONTENT   /channels/{channel_id}/messages/pins c:{channel_id}:msgs
      CONTENT   /channels/{channel_id}/messages/{message_id} c:{channel_id}:msgs
      CONTENT   /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}
                c:{channel_id}:msgs
      CONTENT   /channels/{channel_id}/pins c:{channel_id}:msgs
      CONTENT   /channels/{channel_id}/polls/{message_id}/answers/{answer_id} c:{channel_id}:msgs
      SHARED    /gateway/bot
      SHARED    /guilds/{guild_id}/voice-states/@me g:{guild_id}:voice g:{guild_id}:m:{me}
                g:{guild_id}:m:?
      SHARED    /guilds/{guild_id}/voice-states/{user_id} g:{guild_id}:voice
                g:{guild_id}:m:{user_id} g:{guild_id}:m:?
      SHARED    /users/@me
      OFF       /applications/{application_id}/activity-instances/{instance_id}
      OFF       /applications/{application_id}/entitlements app:{application_id}:entitlements
      OFF       /applications/{application_id}/entitlements/{entitlement_id}
                app:{application_id}:entitlements
      OFF       /applications/{application_id}/skus
      OFF       /channels/{channel_id}/invites c:{channel_id}:invites c:?:invites
      OFF       /guilds/{guild_id}/audit-logs uri:/guilds/{guild_id}
      OFF       /guilds/{guild_id}/invites g:{guild_id}:invites g:?:invites
      OFF       /guilds/{guild_id}/messages/search
      OFF       /guilds/{guild_id}/prune g:{guild_id}:members
      OFF       /guilds/{guild_id}/requests g:{guild_id}:members
      OFF       /guilds/{guild_id}/vanity-url g:{guild_id}:vanity
      OFF       /guilds/{guild_id}/widget.png g:{guild_id} g:{guild_id}:widget
      OFF       /invites/{code} invite:{code}
      OFF       /invites/{code}/target-users invite:{code}
      OFF       /invites/{code}/target-users/job-status invite:{code}
      OFF       /lobbies/{lobby_id}
      OFF       /lobbies/{lobby_id}/messages
      OFF       /oauth2/@me
      OFF       /oauth2/applications/@me app:?
      OFF       /oauth2/userinfo
      OFF       /skus/{sku_id}/subscriptions
      OFF       /skus/{sku_id}/subscriptions/{subscription_id}
      OFF       /users/@me/applications/{application_id}/entitlements
                app:{application_id}:entitlements
      OFF       /users/@me/applications/{application_id}/role-connection
      OFF       /users/@me/connections
      OFF       /users/@me/guilds
      OFF       /users/@me/guilds/{guild_id}/member g:{guild_id}:m:{me} g:{guild_id}:m:?
      SECRET    /channels/{channel_id}/webhooks
      SECRET    /guilds/{guild_id}/webhooks
      SECRET    /webhooks/{webhook_id}
      SECRET    /webhooks/{webhook_id}/{webhook_token}
      SECRET    /webhooks/{webhook_id}/{webhook_token}/messages/@original
      SECRET    /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}
      """;

  /** Routes by template, in the order of the table. */
  static final SequencedMap<String, ReadRoute> BY_TEMPLATE = byTemplate();

  private static final PathTable<ReadRoute> BY_PATH = new PathTable<>(BY_TEMPLATE);

  private ReadRoutes() {}

  static Optional<PathTable.Found<ReadRoute>> find(List<String> segments) {
    return BY_PATH.find(segments);
  }

  static List<String> tagsOf(ProxyRequest get) {
    var tags = new ArrayList<String>();
    find(PathSegments.of(get.path()))
        .ifPresent(
            found -> {
              Optional<String> caller = WriteRoutes.bot(get);
              for (TagTemplate tag : found.value().tags()) {
                tag.fill(found.parameters(), caller, get, Told.NOTHING).ifPresent(tags::add);
              }
            });
    tags.add(Tags.ofUri(get.path()));
    return tags;
  }

  private static SequencedMap<String, ReadRoute> byTemplate() {
    var routes = new LinkedHashMap<String, ReadRoute>();
    for (List<String> row : rows(TABLE)) {
      String template = row.get(1);
      var tags = new ArrayList<String>(row.subList(2, row.size()));
      tags.addAll(tagsOfParameters(template));
      routes.put(
          template,
          new ReadRoute(
              template,
              RouteGroup.valueOf(row.getFirst()),
              tags.stream().map(TagTemplate::parse).toList()));
    }
    return routes;
  }

  private static List<String> tagsOfParameters(String template) {
    var tags = new ArrayList<String>();
    if (template.contains("{application_id}")) {
      tags.add("app:{application_id}:all");
    }
    if (template.contains("{guild_id}")) {
      tags.add("g:{guild_id}:all");
    }
    if (template.contains("{channel_id}")) {
      tags.addAll(List.of("c:{channel_id}:all", "c:?"));
    }
    if (Stream.of("{guild_id}", "{channel_id}", "/users/@me").anyMatch(template::contains)) {
      tags.add("viewer:{me}");
    }
    return tags;
  }

  /** Words of each row; a line that starts with a space goes on with the row before. */
  static List<List<String>> rows(String table) {
    return Arrays.stream(table.replace("\n ", " ").strip().split("\n"))
        .map(row -> List.of(row.strip().split("\\s+")))
        .toList();
  }
}
