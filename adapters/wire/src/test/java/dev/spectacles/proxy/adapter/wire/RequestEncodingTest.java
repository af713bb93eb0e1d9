package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static dev.spectacles.proxy.adapter.wire.Packed.pack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestEncodingTest {
  @Test
  void encode_everything_isTheProtocolsMapWithABinBody() {
    byte[] bytes =
        RequestCodec.encode(
            "POST", "/users/1", Map.of("q", "v"), Map.of("H", "w"), Optional.of(new byte[] {1}));

    assertThat(bytes)
        .isEqualTo(
            pack(
                new Pairs(
                    "method",
                    "POST",
                    "path",
                    "/users/1",
                    "query",
                    Map.of("q", "v"),
                    "body",
                    new byte[] {1},
                    "headers",
                    Map.of("H", "w"))));
  }

  @Test
  void encode_nothingButMethodAndPath_leavesTheRestOut() {
    assertThat(RequestCodec.encode("GET", "/users/1", Map.of(), Map.of(), Optional.empty()))
        .isEqualTo(pack(new Pairs("method", "GET", "path", "/users/1")));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void encode_anyRequest_decodesToTheSame(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      var query = new LinkedHashMap<String, String>();
      var headers = new LinkedHashMap<String, String>();
      for (int n = random.nextInt(40); n > 0; n--) {
        query.put(text(random, 50, 0x1f600), text(random, 300, 0x1f600));
        headers.put("X-" + n, "v" + text(random, 300, '~').strip());
      }
      var body = new byte[random.nextInt(5000)];
      random.nextBytes(body);

      ProxyRequest request =
          decode(RequestCodec.encode("PATCH", "/a/" + i, query, headers, Optional.of(body)));

      String what = "seed " + seed + ", request " + i;
      assertThat(request.method().name()).as(what).isEqualTo("PATCH");
      assertThat(request.path().value()).as(what).isEqualTo("/a/" + i);
      assertThat(request.query())
          .as(what)
          .containsExactlyElementsOf(
              query.entrySet().stream()
                  .map(e -> new QueryParameter(e.getKey(), e.getValue()))
                  .toList());
      assertThat(request.headers().fields())
          .as(what)
          .containsExactlyElementsOf(
              headers.entrySet().stream()
                  .map(e -> new Header(e.getKey().toLowerCase(Locale.ROOT), e.getValue()))
                  .toList());
      assertThat(request.body()).as(what).isEqualTo(Body.of(body));
    }
  }

  /** Characters from the space up to the last, without surrogates. */
  private static String text(Random random, int longest, int last) {
    var text = new StringBuilder();
    for (int n = random.nextInt(longest); n > 0; n--) {
      int c = ' ' + random.nextInt(random.nextBoolean() ? '~' - ' ' + 1 : last - ' ' + 1);
      text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? '?' : c);
    }
    return text.toString();
  }
}
