package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Sends one request through the broker and prints what comes of it. */
final class BrokerCall {
  private static final int FIRST_HTTP_ERROR = 400;

  /**
   * How long to wait for an answer.
   *
   * @param text as the user wrote it
   */
  record Patience(Duration length, String text) {}

  private final Surroundings surroundings;
  private final Config config;

  BrokerCall(Surroundings surroundings, Config config) {
    this.surroundings = surroundings;
    this.config = config;
  }

  /**
   * Sends it, and waits for the answer.
   *
   * @param raw whether to print the bytes of the answer's body only
   * @return exit code
   */
  int run(RequestClient.Call request, Patience patience, boolean raw)
      throws IOException, InterruptedException {
    LogLevels.apply("warn");
    var provider = surroundings.plugins().brokers().ofType(config.broker().type());
    var context = Instances.context(config, surroundings.clock());
    try (RequestClient client = provider.connect(context)) {
      Optional<ProxyResponse> answer = client.call(request, patience.length());
      return answer.isPresent() ? print(answer.get(), raw) : noAnswer(patience);
    }
  }

  private int print(ProxyResponse answer, boolean raw) throws IOException {
    return switch (answer) {
      case ProxyResponse.Http http -> {
        AnswerPrinter.print(http, raw, surroundings.out());
        yield http.code() < FIRST_HTTP_ERROR ? ExitCodes.OK : ExitCodes.HTTP_ERROR;
      }
      case ProxyResponse.Failure failure -> {
        surroundings
            .err()
            .println(
                "Proxy status "
                    + failure.status().code()
                    + " ("
                    + failure.status()
                    + "): "
                    + failure.message());
        yield ExitCodes.PROXY_ERROR;
      }
    };
  }

  private int noAnswer(Patience patience) {
    surroundings
        .err()
        .println(
            "No answer within "
                + patience.text()
                + ", and no proxy said that this was too short. Does one serve group "
                + config.broker().group()
                + ", event "
                + config.broker().event()
                + " of this broker ("
                + config.broker().type()
                + ")?");
    return ExitCodes.NO_ANSWER;
  }
}
