package dev.spectacles.proxy.adapter.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class AttemptTest {
  private static final List<IOException> OF_CONNECTING =
      List.of(
          new ConnectException(),
          new HttpConnectTimeoutException("too late"),
          new SSLHandshakeException("session ended"));

  private final ObservedBody body = new ObservedBody(Body.of("{}"), () -> {});
  private final Attempt attempt = new Attempt(Api.settings(1, Api.LONG), body);

  @Test
  void failureOfConnecting_beforeWriting_isNotSent() {
    assertThat(OF_CONNECTING)
        .allSatisfy(e -> assertThat(attempt.failed(e).kind()).isEqualTo(Kind.NOT_SENT));
  }

  @Test
  void failureOfConnecting_afterWritingBegan_isMaybeSent() {
    assertThat(body.contentLength()).isEqualTo(2);

    assertThat(OF_CONNECTING)
        .allSatisfy(e -> assertThat(attempt.failed(e).kind()).isEqualTo(Kind.MAYBE_SENT));
  }

  @Test
  void failureOfAnotherKind_beforeWriting_isMaybeSentAllTheSame() {
    assertThat(attempt.failed(new IOException("?")).kind()).isEqualTo(Kind.MAYBE_SENT);
    assertThat(attempt.failed(new IllegalStateException("?")).kind()).isEqualTo(Kind.MAYBE_SENT);
    assertThat(attempt.failed(new IllegalStateException("?")))
        .hasMessageEndingWith("the exchange failed in an unforeseen way (IllegalStateException)");
  }

  @Test
  void stop_beforeWriting_isMaybeSent() {
    assertThat(attempt.stopped(new IOException("shutdownNow")).kind()).isEqualTo(Kind.MAYBE_SENT);
  }
}
