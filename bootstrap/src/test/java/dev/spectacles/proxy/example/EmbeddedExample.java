package dev.spectacles.proxy.example;

import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.bootstrap.EmbeddedProxy;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

class EmbeddedExample {
  static Optional<ProxyResponse> run(String bot, Map<String, String> settings) throws Exception {
    var auth = Map.of("Authorization", bot);
    var me = new Call("GET", "/users/@me", Map.of(), auth, Optional.empty());
    try (var proxy = EmbeddedProxy.start(settings)) {
      return proxy.client().call(me, Duration.ofSeconds(30));
    }
  }
}
