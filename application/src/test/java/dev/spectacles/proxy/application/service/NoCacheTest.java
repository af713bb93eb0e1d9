package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoCacheTest {
  private final List<ProxyRequest> sent = new ArrayList<>();
  private final HandleRequest handler =
      RestCache.none(
          (request, route, deadline, marker) -> {
            sent.add(request);
            return ScriptedDiscord.answer(200, Map.of(), "[]");
          });

  @ParameterizedTest
  @CsvSource({"GET, /@cache/stats", "DELETE, /@cache/rest", "GET, /@cache/else"})
  void requestToTheCache_isNotForDiscord(String method, String path) throws Exception {
    ProxyResponse.Http answer = handled(method, path);
    assertThat(answer.code()).isEqualTo(404);
    assertThat(Answers.isMade(answer)).isTrue();
    assertThat(answer.body().utf8()).contains("no cache");
    assertThat(sent).isEmpty();
  }

  @Test
  void otherRequests_pass() throws Exception {
    assertThat(handled("GET", "/guilds/1/roles").code()).isEqualTo(200);
    assertThat(sent).hasSize(1);
  }

  private ProxyResponse.Http handled(String method, String path) throws InterruptedException {
    ProxyRequest request = CachedProxy.request(method, path, CachedProxy.BOT);
    var route = RouteResolver.resolve(request, Instant.EPOCH);
    return (ProxyResponse.Http) handler.handle(request, route, Deadline.none(), SentMarker.NONE);
  }
}
