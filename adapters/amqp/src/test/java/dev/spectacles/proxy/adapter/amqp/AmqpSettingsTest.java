package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.amqp.AmqpUrl.Host;
import dev.spectacles.proxy.adapter.spi.MapSection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AmqpSettingsTest {
  @Test
  void of_nothingSet_hasTheDefaults() {
    AmqpSettings settings = settings(Map.of());

    assertThat(settings.url())
        .isEqualTo(new AmqpUrl(false, List.of(new Host("localhost", 5672)), "guest", "guest", "/"));
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.prefetch()).isEmpty();
    assertThat(settings.truststore()).isEmpty();
  }

  @Test
  void prefetch_notSet_isSmallWithoutMarkers() {
    AmqpSettings settings = settings(Map.of());

    assertThat(settings.prefetch(10_000, true)).isEqualTo(10_000);
    assertThat(settings.prefetch(1_000_000, true)).isEqualTo(65_535);
    assertThat(settings.prefetch(10_000, false)).isEqualTo(250);
    assertThat(settings.prefetch(7, false)).isEqualTo(7);
    assertThat(settings(Map.of("prefetch", "30")).prefetch(10_000, true)).isEqualTo(30);
  }

  @Test
  void url_everything_isRead() {
    AmqpUrl url = AmqpUrl.parse("amqps://us%40er:p%2Cw%2F+@one:1,two,[::1]:3/v%2Fh");

    assertThat(url)
        .isEqualTo(
            new AmqpUrl(
                true,
                List.of(new Host("one", 1), new Host("two", 5671), new Host("::1", 3)),
                "us@er",
                "p,w/+",
                "v/h"));
    assertThat(url.servers()).isEqualTo("one:1,two:5671,[::1]:3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://u:secret@one/v,amqp://u:secret@two:1/v",
        "amqp://u:secret@one,two:1/v",
        " amqp://u:secret@one:5672 , two:1/v ",
      })
  void url_severalHosts_mayRepeatTheRest(String text) {
    assertThat(AmqpUrl.parse(text))
        .isEqualTo(
            new AmqpUrl(
                false, List.of(new Host("one", 5672), new Host("two", 1)), "u", "secret", "v"));
  }

  @ParameterizedTest
  @CsvSource({"rabbit, 5672", "amqp://rabbit/, 5672", "amqps://rabbit, 5671", "rabbit:7, 7"})
  void url_shortForms_areRead(String text, int port) {
    AmqpUrl url = AmqpUrl.parse(text);

    assertThat(url.hosts()).containsExactly(new Host("rabbit", port));
    assertThat(url.vhost()).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://u:secret@h",
        "secret://h",
        "amqp://u:secret@",
        "amqp://u:secret@h:x",
        "amqp://u:secret@h:0",
        "amqp://u:secret@h:65536",
        "amqp://u:sec/ret@h",
        "amqp://u:sec%ret@h",
        "amqp://u:secret@h?heartbeat=1",
        "amqp://u:secret@h/a/b",
        "amqp://u:secret@h,v:secret@i",
        "amqp://u:secret@h/a,i/b",
        "amqp://u:secret@h,amqps://i",
        "amqp://u@h",
        "amqp://:secret@h",
        "amqp://u:secret@h i",
        "h,,i",
      })
  void url_wrong_isRefusedWithoutThePassword(String text) {
    assertThatThrownBy(() -> AmqpUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("amqp.url: ")
        .hasMessageContaining("(expected: ")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void shown_password_isMasked() {
    AmqpSettings settings = settings(Map.of("url", "amqp://u:secret@h/v"));

    assertThat(settings.shown()).isEqualTo("amqp://u:***@h:5672/v");
    assertThat(settings.toString()).doesNotContain("secret");
    assertThat(settings.url().toString()).doesNotContain("secret");
    assertThat(settings(Map.of()).shown()).isEqualTo("amqp://localhost:5672");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.5S", "PT2H", ""})
  void heartbeat_outOfBounds_isRefused(String value) {
    assertThatThrownBy(() -> settings(Map.of("heartbeat", value)))
        .hasMessageContaining("amqp.heartbeat")
        .hasMessageContaining("(expected: 1s to 1h)");
  }

  @Test
  void truststore_notThere_isRefused() {
    assertThatThrownBy(() -> settings(Map.of("truststore", "nowhere.p12")))
        .hasMessageContaining("amqp.truststore: nowhere.p12 (expected: ");
  }

  private static AmqpSettings settings(Map<String, String> values) {
    return AmqpSettings.of(new MapSection(AmqpSettings.keys(), values));
  }
}
