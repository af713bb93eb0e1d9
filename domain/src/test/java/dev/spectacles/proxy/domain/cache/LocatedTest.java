package dev.spectacles.proxy.domain.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocatedTest {
  private static final String URL = "https://discord.com/api/v10/lobbies?a=b";

  private final CacheRoutes routes = CacheRoutes.of(Map.of(), false);
  private final ProxyRequest write = Asked.request("POST", "/lobbies", Asked.BOT, "");

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "location: /api/v10/lobbies/1",
        "location: https://discord.com/api/v10/lobbies/1?x=y#z",
        "location: lobbies/1",
        "content-location: //discord.com/api/v10/lobbies/1",
        "location: HTTPS://Discord.com/api/v10/lobbies/1",
        "location: /api/v10/elsewhere | content-location: lobbies/1",
      })
  void path_namedByTheAnswerToAWrite_isBumped(String headers) {
    assertThat(routes.bumpedByAnswer(write, answer(201, headers))).contains("uri:/lobbies/1");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "location: https://elsewhere.example/api/v10/lobbies/1",
        "location: http://discord.com/api/v10/lobbies/1",
        "location: https://discord.com:8443/api/v10/lobbies/1",
        "location: mailto:lobbies@discord.com",
        "location: https://discord.com",
        "location: no address at all",
        "location: ./lobbies/1",
        "location: /api/v10/lobbies/%2e%2e/1",
        "x-location: /api/v10/lobbies/1",
      })
  void whatIsNoPathOfThisApi_isNot(String headers) {
    assertThat(routes.bumpedByAnswer(write, answer(201, headers)))
        .isEqualTo(routes.bumpedByAnswer(write, answer(201, "")));
  }

  @Test
  void refusedWrite_bumpsNothing() {
    assertThat(routes.bumpedByAnswer(write, answer(400, "location: /api/v10/lobbies/1"))).isEmpty();
  }

  private static ProxyResponse.Http answer(int code, String headers) {
    return new ProxyResponse.Http(code, Messages.headers(headers), URL, Body.empty());
  }
}
