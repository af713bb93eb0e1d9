package dev.spectacles.proxy.simulator.scenario;

import static dev.spectacles.proxy.simulator.scenario.HiddenLimit.Reach;
import static dev.spectacles.proxy.simulator.scenario.HiddenLimit.When;

import java.time.Duration;

/**
 * Limits of the routes bots use most, gathered from reports; Discord documents none of them.
 *
 * <p>Sources are in the limiter's notes: delete classes from discord-api-docs #8330, reactions from
 * #981, webhooks from #367 and #4043, channel names from #1900.
 */
final class RealisticRoutes {
  private static final String REACTIONS = "/channels/{channel_id}/messages/{message_id}/reactions";
  private static final String EMOJIS = "/guilds/{guild_id}/emojis";

  private RealisticRoutes() {}

  static ScenarioBuilder addTo(ScenarioBuilder builder) {
    addMessages(builder);
    addDeleteMessage(builder);
    addReactions(builder);
    addChannelsAndEmojis(builder);
    addWebhooksAndInteractions(builder);
    return builder
        .unlimited("GET /users/@me")
        .unlimited("GET /gateway")
        .route("GET /gateway/bot", "gateway-bot", Rate.fixed(2, Duration.ofSeconds(5)));
  }

  static ScenarioBuilder addDeleteMessage(ScenarioBuilder builder) {
    return builder
        .bucket("delete-young", Rate.sliding(5, Duration.ofSeconds(5)))
        .bucket("delete-middle", Rate.sliding(3, Duration.ofSeconds(1)))
        .bucket("delete-old", Rate.sliding(30, Duration.ofSeconds(120)))
        .route(
            Scenarios.DELETE_MESSAGE,
            new RouteBucket.ByMessageAge("delete-young", "delete-middle", "delete-old"))
        .status(Scenarios.DELETE_MESSAGE, 204)
        .hidden(
            Scenarios.DELETE_MESSAGE,
            HiddenLimit.perToken(
                    "old-burst", Rate.fixed(5, Duration.ofSeconds(1)), When.OLD_MESSAGE)
                .naming("delete-young"));
  }

  private static void addMessages(ScenarioBuilder builder) {
    builder
        .route(Scenarios.CREATE_MESSAGE, "message", Rate.sliding(5, Duration.ofSeconds(5)))
        .route(Scenarios.EDIT_MESSAGE, "message")
        .route(
            "GET /channels/{channel_id}/messages",
            "message-list",
            Rate.sliding(5, Duration.ofSeconds(5)))
        .route(
            "POST /channels/{channel_id}/typing", "typing", Rate.sliding(5, Duration.ofSeconds(5)))
        .status("POST /channels/{channel_id}/typing", 204);
  }

  private static void addReactions(ScenarioBuilder builder) {
    builder.bucket("reaction", Rate.fixed(1, Duration.ofMillis(250)));
    for (var method : new String[] {"PUT ", "DELETE "}) {
      var pattern = method + REACTIONS + "/**";
      builder.route(pattern, "reaction").status(pattern, 204);
    }
  }

  private static void addChannelsAndEmojis(ScenarioBuilder builder) {
    builder
        .route(Scenarios.MODIFY_CHANNEL, "channel-modify", Rate.fixed(5, Duration.ofSeconds(15)))
        .hidden(
            Scenarios.MODIFY_CHANNEL,
            HiddenLimit.perToken(
                "name-topic", Rate.fixed(2, Duration.ofMinutes(10)), When.NAME_OR_TOPIC))
        .route(
            "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}",
            "member-role",
            Rate.fixed(10, Duration.ofSeconds(10)))
        .bucket("emoji", Rate.fixed(50, Duration.ofMinutes(30)));
    // The quota in the headers is per token and wrong; what bites is shared by all of a guild.
    for (var pattern :
        new String[] {
          "GET " + EMOJIS,
          "POST " + EMOJIS,
          "PATCH " + EMOJIS + "/{emoji_id}",
          "DELETE " + EMOJIS + "/{emoji_id}"
        }) {
      builder
          .route(pattern, "emoji")
          .hidden(
              pattern,
              HiddenLimit.shared(
                  "guild-emoji", Rate.fixed(10, Duration.ofMinutes(1)), Reach.RESOURCE));
    }
  }

  private static void addWebhooksAndInteractions(ScenarioBuilder builder) {
    builder
        .route(Scenarios.EXECUTE_WEBHOOK, "webhook-execute", Rate.fixed(5, Duration.ofSeconds(2)))
        .hidden(
            Scenarios.EXECUTE_WEBHOOK,
            HiddenLimit.shared(
                "channel-webhooks", Rate.fixed(30, Duration.ofMinutes(1)), Reach.CHANNEL))
        .unlimited("POST /interactions/{interaction_id}/{interaction_token}/callback")
        .status("POST /interactions/{interaction_id}/{interaction_token}/callback", 204);
  }
}
