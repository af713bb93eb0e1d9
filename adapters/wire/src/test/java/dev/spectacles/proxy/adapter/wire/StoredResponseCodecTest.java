package dev.spectacles.proxy.adapter.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredResponseCodecTest {
  private static final Instant RECEIVED = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final StoredResponse FULL =
      new StoredResponse(
          new ProxyResponse.Http(
              200,
              new Headers(
                  List.of(
                      new Header("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
                      new Header("link", "<a>"),
                      new Header("link", "<b>"))),
              "https://discord.com/api/v10/users/@me",
              Body.of(new byte[] {0, (byte) 0xFF, 'x'})),
          RECEIVED,
          Duration.ofMillis(1_500),
          Duration.ofSeconds(Integer.MAX_VALUE),
          true,
          false,
          Optional.of(Duration.ofSeconds(300)),
          Optional.of(Duration.ZERO),
          List.of(new Header("accept-language", "0a1b"), new Header("x", "")),
          List.of("b1-1", "c1-2"));
  private static final StoredResponse BARE =
      new StoredResponse(
          new ProxyResponse.Http(404, Headers.empty(), "", Body.empty()),
          Instant.EPOCH.minusSeconds(1),
          Duration.ZERO,
          Duration.ZERO,
          false,
          true,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of());

  @Test
  void answer_comesBackAsItWas() {
    for (StoredResponse stored : List.of(FULL, BARE)) {
      assertThat(StoredResponseCodec.decode(StoredResponseCodec.encode(stored))).contains(stored);
    }
  }

  @Test
  void largeAnswer_comesBackAsItWas() {
    var bytes = new byte[3 << 20];
    new Random(1).nextBytes(bytes);
    var answer = new ProxyResponse.Http(200, Headers.empty(), "url", Body.of(bytes));
    var stored =
        new StoredResponse(
            answer,
            RECEIVED,
            Duration.ZERO,
            Duration.ofSeconds(5),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of("x".repeat(70_000)));

    assertThat(StoredResponseCodec.decode(StoredResponseCodec.encode(stored))).contains(stored);
  }

  /** Instances that are older or newer read it: another layout is another version. */
  @Test
  void layout_isThatOfItsVersion() {
    assertThat(HexFormat.of().formatHex(StoredResponseCodec.encode(BARE)))
        .isEqualTo(
            "9d01" + "92ff00" + "920000" + "920000" + "02" + "c0c0" + "9090" + "cd0194" + "90"
                + "a0" + "c400");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 127, -1})
  void otherVersion_isAMiss(int version) {
    byte[] bytes = StoredResponseCodec.encode(FULL);
    bytes[1] = (byte) version;

    assertThat(StoredResponseCodec.decode(bytes)).isEmpty();
  }

  @Test
  void partOfAnAnswer_isAMiss() {
    byte[] bytes = StoredResponseCodec.encode(FULL);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(StoredResponseCodec.decode(Arrays.copyOf(bytes, length))).isEmpty();
    }
    assertThat(StoredResponseCodec.decode(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c1",
        "80",
        "90",
        "7b7d",
        "9d02",
        "9dffffffff",
        "ddffffffff01",
        "9d01dfffffffff",
        // Seconds, nanoseconds or flags that no answer has.
        "9d0192cfffffffffffffffff00920000920000" + "02c0c09090cd019490a0c400",
        "9d0192d37fffffffffffffff00920000920000" + "02c0c09090cd019490a0c400",
        "9d0192d38000000000000000ff920000920000" + "02c0c09090cd019490a0c400",
        "9d0192ff00" + "92d37fffffffffffffffce3b9aca00" + "920000" + "02c0c09090cd019490a0c400",
        "9d0192ff00920000920000" + "04c0c09090cd019490a0c400",
        // A header without a value; a status that is none; a body of text.
        "9d0192ff00920000920000" + "02c0c091a09090cd019490a0c400",
        "9d0192ff00920000920000" + "02c0c09090639090a0c400",
        "9d0192ff00920000920000" + "02c0c09090cd019490a0a0"
      })
  void foreignBytes_areAMiss(String hex) {
    assertThat(StoredResponseCodec.decode(HexFormat.of().parseHex(hex))).isEmpty();
  }

  @Test
  void answerAsItIsPublished_isNone() {
    assertThat(StoredResponseCodec.decode(ResponseCodec.encode(FULL.answer()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_122, 0x5eed})
  void damagedAnswer_isNeverAnException(long seed) {
    var mutation =
        new Mutation(
            new Random(seed),
            List.of(StoredResponseCodec.encode(FULL), StoredResponseCodec.encode(BARE)));
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = mutation.next();
      assertThatCode(() -> StoredResponseCodec.decode(damaged))
          .as("seed %d, case %d: %s", seed, i, HexFormat.of().formatHex(damaged))
          .doesNotThrowAnyException();
    }
  }
}
