package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.BOT;
import static dev.spectacles.proxy.domain.cache.Asked.GUILD;
import static dev.spectacles.proxy.domain.cache.Asked.answer;
import static dev.spectacles.proxy.domain.cache.Asked.path;
import static dev.spectacles.proxy.domain.cache.Asked.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegativeRulesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long DISCORD_EPOCH = 1_420_070_400_000L;
  private static final String GONE = "{\"message\": \"Unknown Webhook\", \"code\": 10015}";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "404, 10003, 5,   300", // channel
    "404, 10004, 5,   60", // guild
    "404, 10007, 5,   10", // member
    "404, 10008, 300, 300", // message
    "404, 10011, 300, 300", // role
    "404, 10013, 300, 300", // user
    "404, 10014, 300, 300", // emoji
    "404, 10026, 5,   5", // ban
    "404, 10060, 300, 300", // sticker
    "404, 10065, 5,   5", // voice state
    "404, 10067, 5,   5", // stage instance
    "404, 10070, 300, 300", // scheduled event
    "404, 10097, 300, 300", // sound
    "404, 10015, 0,   0", // webhook: not as an answer, but as a circuit
    "404, 0,     0,   0",
    "404, 10099, 0,   0",
    "400, 50035, 0,   0",
    "401, 0,     0,   0",
    "403, 50001, 0,   0",
    "405, 0,     0,   0",
    "429, 0,     0,   0",
    "500, 10003, 0,   0",
    "200, 10003, 0,   0",
  })
  void absence_isKeptByItsCode(int status, int code, int untold, int told) {
    assertThat(lifetime(new NegativeRules(false, false), status, code)).isEqualTo(seconds(untold));
    assertThat(lifetime(new NegativeRules(true, false), status, code)).isEqualTo(seconds(told));
  }

  @ParameterizedTest
  @CsvSource({"50001, 30", "50013, 30", "50024, 0", "0, 0"})
  void refusal_isKeptByChoiceOnly(int code, int seconds) {
    assertThat(lifetime(new NegativeRules(false, true), 403, code)).isEqualTo(seconds(seconds));
    assertThat(lifetime(new NegativeRules(false, true), 401, code)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-5000, false", "0, false", "59999, false", "60000, true", "86400000, true"})
  void absence_ofWhatMayJustHaveBeenCreated_isNotKept(long ageMillis, boolean kept) {
    long id = (NOW.toEpochMilli() - ageMillis - DISCORD_EPOCH) << 22;
    var path = path("/channels/" + GUILD + "/messages/" + id);
    assertThat(new NegativeRules(false, false).lifetimeOf(path, notFound("10008"), NOW).isPresent())
        .isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>404</html>", "[]", "{\"code\": {\"a\": 10008}}", "{\"code\""})
  void absence_thatDiscordDoesNotExplain_isNotKept(String body) {
    assertThat(
            new NegativeRules(true, true)
                .lifetimeOf(path("/channels/1/messages/2"), answer(404, body), NOW))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PATCH", "DELETE"})
  void webhook_thatIsGone_isNamedWithoutItsToken(String method) {
    Route route = route(method, "/webhooks/3/aSecretToken/messages/4");
    Optional<String> gone = NegativeRules.goneWebhook(route, answer(404, GONE));
    assertThat(gone).isPresent().isEqualTo(NegativeRules.webhook(route));
    assertThat(gone.orElseThrow()).doesNotContain("aSecretToken").startsWith("webhooks/3/");
    assertThat(gone).isNotEqualTo(NegativeRules.webhook(route(method, "/webhooks/3/another")));
  }

  @Test
  void webhook_thatIsThere_isNotGone() {
    Route route = route("POST", "/webhooks/3/aSecretToken");
    assertThat(NegativeRules.goneWebhook(route, notFound("10008"))).isEmpty();
    assertThat(NegativeRules.goneWebhook(route, answer(403, GONE))).isEmpty();
    assertThat(NegativeRules.goneWebhook(route, answer(204, ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/3/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw",
        "/interactions/175928847299117063/aToken/callback",
        "/webhooks/3",
        "/channels/3/webhooks"
      })
  void webhook_ofAnInteractionOrWithoutToken_isNeverGone(String path) {
    Route route = route("POST", path);
    assertThat(NegativeRules.goneWebhook(route, answer(404, GONE))).isEmpty();
    assertThat(NegativeRules.webhook(route)).isEmpty();
  }

  private static Optional<Duration> lifetime(NegativeRules rules, int status, int code) {
    return rules.lifetimeOf(
        path("/guilds/" + GUILD),
        answer(status, "{\"message\": \"x\", \"code\": " + code + "}"),
        NOW);
  }

  private static ProxyResponse.Http notFound(String code) {
    return answer(404, "{\"code\": " + code + ", \"message\": \"Unknown\"}");
  }

  private static Optional<Duration> seconds(int seconds) {
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  private static Route route(String method, String path) {
    return RouteResolver.resolve(request(method, path, BOT, "{}"), NOW);
  }
}
