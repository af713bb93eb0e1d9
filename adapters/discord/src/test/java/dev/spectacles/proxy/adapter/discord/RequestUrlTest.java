package dev.spectacles.proxy.adapter.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      quoteCharacter = '\0',
      textBlock =
          """
          limit|100|limit=100
          q|a b|q=a%20b
          q|a+b|q=a%2Bb
          q|a&b=c|q=a%26b%3Dc
          a&b|c|a%26b=c
          ids[]|1,2|ids%5B%5D=1%2C2
          q|100%|q=100%25
          q|%20|q=%2520
          q|👍é|q=%F0%9F%91%8D%C3%A9
          q|/?#@:|q=%2F%3F%23%40%3A
          q|-._~|q=-._~
          """)
  void query_anyCharacter_isEncoded(String name, String value, String query) throws Exception {
    URI url = of("https://discord.com/api", new QueryParameter(name, value));

    assertThat(url).hasToString("https://discord.com/api/v10/gateway?" + query);
  }

  @Test
  void query_severalAndEmptyAndRepeated_keepsOrder() throws Exception {
    URI url =
        of(
            "https://discord.com/api",
            new QueryParameter("b", "1"),
            new QueryParameter("a", ""),
            new QueryParameter("b", "2"),
            new QueryParameter("", "3"));

    assertThat(url).hasToString("https://discord.com/api/v10/gateway?b=1&a=&b=2&=3");
  }

  @Test
  void query_everyCharacterOfThePlane_comesBackDecoded() throws Exception {
    var failed = new ArrayList<Integer>();
    for (int c = 0; c < 0x3000; c++) {
      String value = new String(Character.toChars(c));
      String query = of("https://discord.com/api", new QueryParameter("q", value)).getRawQuery();
      if (!URLDecoder.decode(query.substring(2), StandardCharsets.UTF_8).equals(value)) {
        failed.add(c);
      }
    }

    assertThat(failed).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://discord.com/api, https://discord.com/api/v10/gateway",
    "https://discord.com/api/, https://discord.com/api/v10/gateway",
    "http://localhost:8080, http://localhost:8080/v10/gateway",
    "http://[::1]:8080/, http://[::1]:8080/v10/gateway"
  })
  void root_ofAnyForm_isFollowedByVersionAndPath(String root, String url) throws Exception {
    assertThat(of(root)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource({
    "/v9/gateway, /v9/gateway",
    "/v10/gateway, /v10/gateway",
    "/v9, /v10/v9",
    "/vanity/gateway, /v10/vanity/gateway"
  })
  void version_inThePath_isTheOneThatIsAsked(String path, String sent) throws Exception {
    var settings =
        new DiscordSettings(
            URI.create("https://discord.com/api"), 10, DiscordSettings.DEFAULT_TIMEOUT, 1, "agent");
    assertThat(new RequestUrl(settings).of(ApiPath.parse(path), List.of()))
        .hasToString("https://discord.com/api" + sent);
  }

  private static URI of(String root, QueryParameter... query) throws Exception {
    var settings =
        new DiscordSettings(URI.create(root), 10, DiscordSettings.DEFAULT_TIMEOUT, 1, "agent");
    return new RequestUrl(settings).of(ApiPath.parse("/gateway"), List.of(query));
  }
}
