package dev.spectacles.proxy.adapter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredResponseCodecTest {
  private static final StoredResponse FULL =
      new StoredResponse(
          new ProxyResponse.Http(
              200,
              new Headers(List.of(new Header("etag", "\"1\""), new Header("etag", "again"))),
              "https://discord.com/api/v10/guilds/1/roles",
              Body.of("[{\"id\":\"1\"}]")),
          Instant.parse("2026-11-22T10:00:00.123456789Z"),
          Duration.ofMillis(12),
          Duration.ofSeconds(5),
          true,
          false,
          Optional.of(Duration.ofSeconds(7)),
          Optional.empty(),
          List.of(new Header("accept-language", "digest")),
          List.of("one", "two"));

  @Test
  void encoded_isDecodedToTheSame() {
    assertThat(StoredResponseCodec.decode(StoredResponseCodec.encode(FULL))).contains(FULL);
  }

  @Test
  void anotherVersion_isNone() {
    byte[] bytes = StoredResponseCodec.encode(FULL);
    bytes[0] = 2;

    assertThat(StoredResponseCodec.decode(bytes)).isEmpty();
  }

  @Test
  void anyPart_isNone() {
    byte[] bytes = StoredResponseCodec.encode(FULL);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(StoredResponseCodec.decode(Arrays.copyOf(bytes, length))).isEmpty();
    }
    assertThat(StoredResponseCodec.decode(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
  }

  @Test
  void damaged_isAnotherOrNone_andNeverFails() {
    var random = new Random(1);
    byte[] bytes = StoredResponseCodec.encode(FULL);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      StoredResponseCodec.decode(damaged)
          .ifPresent(read -> assertThat(StoredResponseCodec.encode(read)).isNotEmpty());
    }
  }
}
