package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.GatewayProxy.isTold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose requests are answered from what the gateway told. */
@Timeout(60)
class FeedingBotTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final String FORGED = GatewayProxy.token(ToldEntities.SELF, "forged");
  private static final String OTHER = GatewayProxy.token(900_000_000_000_000_002L, "secret");

  private static GatewayProxy proxy() {
    var proxy = new GatewayProxy(AnswerMode.PREFER, true);
    proxy.store.available(1, proxy.now());
    proxy.store.put(1, EntityType.ROLE, 1, "{\"id\":\"1\"}");
    return proxy;
  }

  private static boolean told(GatewayProxy proxy, String authorization) throws Exception {
    return isTold(proxy.get(ROLES, Map.of("authorization", authorization)));
  }

  @Test
  void token_isProvenByDiscordsAnswer() throws Exception {
    try (GatewayProxy proxy = proxy()) {
      assertThat(told(proxy, GatewayProxy.TOKEN)).isFalse();
      assertThat(told(proxy, GatewayProxy.TOKEN)).isTrue();
      assertThat(proxy.asked).hasSize(1);
    }
  }

  @Test
  void forgedToken_isNeverAnswered_whateverOthersProved() throws Exception {
    try (GatewayProxy proxy = proxy().proven()) {
      for (int i = 0; i < 3; i++) {
        proxy.answers.add(GatewayProxy.fromDiscord(401));
        assertThat(told(proxy, FORGED)).isFalse();
      }
      assertThat(told(proxy, GatewayProxy.TOKEN)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer abc", "Bot x", "Basic abc"})
  void otherCredentials_areNeverAnswered(String authorization) throws Exception {
    try (GatewayProxy proxy = proxy().proven()) {
      assertThat(told(proxy, authorization)).isFalse();
      assertThat(told(proxy, authorization)).isFalse();
    }
  }

  @Test
  void otherBot_andTheTokenWithoutItsScheme_areNeverAnswered() throws Exception {
    try (GatewayProxy proxy = proxy().proven()) {
      for (String authorization :
          List.of(
              OTHER,
              GatewayProxy.TOKEN.substring(4),
              GatewayProxy.TOKEN.replace("Bot", "Bearer"))) {
        assertThat(told(proxy, authorization)).isFalse();
        assertThat(told(proxy, authorization)).isFalse();
      }
    }
  }

  @Test
  void refusal_isRemembered() throws Exception {
    try (GatewayProxy proxy = proxy().proven()) {
      assertThat(told(proxy, GatewayProxy.TOKEN)).isTrue();
      proxy.answers.add(GatewayProxy.fromDiscord(401));
      proxy.ask("POST", "/channels/10/messages", Map.of());
      assertThat(told(proxy, GatewayProxy.TOKEN)).isFalse();
    }
  }

  @Test
  void proof_holdsForAnHour() throws Exception {
    try (GatewayProxy proxy = proxy().proven()) {
      proxy.clock.advance(Duration.ofMinutes(59));
      assertThat(told(proxy, GatewayProxy.TOKEN)).isTrue();
      proxy.clock.advance(Duration.ofMinutes(1));
      assertThat(told(proxy, GatewayProxy.TOKEN)).isFalse();
      assertThat(told(proxy, GatewayProxy.TOKEN)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /users/@me, 200, true",
    "GET, /gateway/bot, 200, true",
    "POST, /channels/1/messages, 200, true",
    "PATCH, /guilds/2, 204, true",
    "GET, /users/@me, 403, false",
    "GET, /users/@me, 304, false",
    "GET, /gateway, 200, false",
    "GET, /voice/regions, 200, false",
    "GET, /invites/abc, 200, false",
    "GET, /guilds/1/widget.json, 200, false",
    "GET, /guilds/1/preview, 200, false",
    "GET, /guilds/templates/abc, 200, false",
    "POST, /webhooks/123456789012345678/token, 200, false",
    "POST, /interactions/123456789012345678/token/callback, 204, false"
  })
  void onlyAnswersThatNeedCredentials_proveThem(
      String method, String path, int code, boolean proven) throws Exception {
    try (GatewayProxy proxy = proxy()) {
      proxy.answers.add(GatewayProxy.fromDiscord(code));
      proxy.ask(method, path, Map.of());
      assertThat(told(proxy, GatewayProxy.TOKEN)).isEqualTo(proven);
    }
  }

  @Test
  void answerOfTheProxyItself_provesNothing() throws Exception {
    try (GatewayProxy proxy = proxy()) {
      proxy.answers.add(Answers.made(200, "", "{}"));
      proxy.get("/users/@me");
      assertThat(told(proxy, GatewayProxy.TOKEN)).isFalse();
    }
  }

  @Test
  void twoTokensInOneRequest_proveNeither() throws Exception {
    try (GatewayProxy proxy = proxy()) {
      var bot = new FeedingBot(proxy.clock);
      var headers =
          new Headers(
              List.of(new Header("authorization", FORGED), new Header("authorization", OTHER)));
      ProxyRequest request = CachedProxy.request("GET", "/users/@me", Map.of()).with(headers);
      ProxyResponse.Http accepted = GatewayProxy.fromDiscord(200);
      Route route = RouteResolver.resolve(request, proxy.clock.wallTime());
      bot.heard(request, route, accepted);
      assertThat(bot.trust(headers, ToldEntities.SELF)).isEqualTo(FeedingBot.Trust.STRANGER);
      assertThat(bot.trust(Headers.of(Map.of("authorization", FORGED)), ToldEntities.SELF))
          .isEqualTo(FeedingBot.Trust.UNPROVEN);
    }
  }

  @Test
  void proofs_areBounded_andTheLatestAreKept() {
    try (GatewayProxy proxy = proxy()) {
      var bot = new FeedingBot(proxy.clock);
      for (int i = 0; i <= 1000; i++) {
        var headers = Headers.of(Map.of("authorization", token(i)));
        ProxyRequest request = CachedProxy.request("GET", "/users/@me", Map.of()).with(headers);
        Route route = RouteResolver.resolve(request, proxy.clock.wallTime());
        bot.heard(request, route, GatewayProxy.fromDiscord(200));
      }
      assertThat(trust(bot, token(0))).isEqualTo(FeedingBot.Trust.UNPROVEN);
      assertThat(trust(bot, token(1))).isEqualTo(FeedingBot.Trust.PROVEN);
      assertThat(trust(bot, token(1000))).isEqualTo(FeedingBot.Trust.PROVEN);
    }
  }

  private static String token(int number) {
    return GatewayProxy.token(ToldEntities.SELF, "s" + number);
  }

  private static FeedingBot.Trust trust(FeedingBot bot, String authorization) {
    return bot.trust(Headers.of(Map.of("authorization", authorization)), ToldEntities.SELF);
  }
}
