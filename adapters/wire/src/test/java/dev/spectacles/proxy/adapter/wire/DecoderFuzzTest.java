package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.pack;
import static dev.spectacles.proxy.adapter.wire.Packed.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderFuzzTest {
  private static final int CASES_PER_SEED = 50_000;

  /** The smallest parameter takes 3 bytes; as values of the domain, some 250. */
  private static final long ALLOCATED_PER_BYTE = 128;

  /** The reader, its buffers, and an exception with its trace. */
  private static final long ALLOCATED_ANYWAY = 24_000;

  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_122, 3, 0x5eed})
  void decode_mutatedRequest_isReadOrRefusedWithinBounds(long seed) {
    List<byte[]> corpus = new ArrayList<>(Clients.requests().values());
    corpus.add(
        RequestCodec.encode(
            "PUT", "/a/b", Map.of("q", "v"), Map.of("h", "w"), Optional.of(new byte[40])));
    corpus.add(request("timeout", List.of(1, 2), "later", Map.of("a", List.of(1, Map.of()))));
    corpus.add(
        utf8(
            "{\"method\":\"GET\",\"path\":\"/a/b\",\"query\":{\"a\":1.5,\"b\":true},\"body\":[1,2]}"));
    corpus.add(
        utf8(
            "{\"headers\":{\"a\":\"b\"},\"body\":{\"type\":\"Buffer\",\"data\":[1]},\"timeout\":[1,2]}"));
    var mutation = new Mutation(new Random(seed), corpus);
    int read = 0;
    for (int i = 0; i < CASES_PER_SEED; i++) {
      byte[] message = mutation.next();
      if (check(message, "seed " + seed + ", case " + i)) {
        read++;
      }
    }

    // Both ways out are taken: a fuzzer whose messages are all refused at the door finds nothing.
    assertThat(read).isBetween(CASES_PER_SEED / 50, CASES_PER_SEED * 9 / 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void decode_randomBytes_areRefusedWithinBounds(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var message = new byte[random.nextInt(64)];
      random.nextBytes(message);
      if (message.length > 0 && random.nextBoolean()) {
        message[0] = (byte) (random.nextBoolean() ? 0x80 | random.nextInt(16) : '{');
      }
      check(message, "seed " + seed + ", case " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void decodeResponse_mutated_isReadOrWireException(long seed) {
    byte[] http =
        pack(
            new Pairs(
                "status",
                0,
                "body",
                new Pairs(
                    "status", 200, "headers", Map.of("a", "b"), "url", "u", "body", new byte[9])));
    var mutation =
        new Mutation(new Random(seed), List.of(http, pack(new Pairs("status", 7, "body", "text"))));
    for (int i = 0; i < 20_000; i++) {
      byte[] message = mutation.next();
      try {
        ResponseCodec.decode(message);
      } catch (WireException e) {
        if (!String.valueOf(e.getMessage()).startsWith("response: ")) {
          throw new AssertionError("seed " + seed + ", case " + i, e);
        }
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", case " + i + ": " + hex(message), e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void decodeIpc_mutated_isReadOrRefused(long seed) {
    String request =
        "{\"method\":\"GET\",\"path\":\"/a\",\"body\":{\"type\":\"Buffer\",\"data\":[1]}}";
    var corpus =
        List.of(
            utf8("{\"event\":\"R\",\"data\":" + request + ",\"key\":\"01H\"}"),
            utf8(" {\"key\":17,\"\\u0065vent\":\"\\\"é\" ,\"data\":[{\"a\":\"]\"}]} "),
            utf8("{\"cmd\":\"NODE_A\",\"data\":{\"status\":7,\"body\":\"x\"},\"key\":null}"));
    var mutation = new Mutation(new Random(seed), corpus);
    int read = 0;
    for (int i = 0; i < CASES_PER_SEED; i++) {
      byte[] line = mutation.next();
      String what = "seed " + seed + ", case " + i + ": " + hex(line);
      try {
        IpcCodec.findKey(line, line);
        var message = IpcCodec.decode(line, line.length);
        if (message.isPresent()) {
          read++;
          message.get().request();
        }
      } catch (InvalidRequestException | WireException e) {
        assertThat(e.getMessage()).as(what).isNotEmpty();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(what, e);
      }
    }
    assertThat(read).isBetween(CASES_PER_SEED / 100, CASES_PER_SEED * 9 / 10);
  }

  static Stream<byte[]> large() {
    int size = 1 << 20;
    var pairs = new ArrayList<Object>();
    for (int i = 0; i < size / 8; i++) {
      pairs.add(Integer.toString(i, 36));
      pairs.add(1);
    }
    var manyPairs = new Pairs(pairs.toArray());
    var arrays = new byte[size];
    Arrays.fill(arrays, (byte) 0xdd);
    var octets = new Integer[size];
    Arrays.fill(octets, 255);
    String digits = "1,".repeat(size / 2) + "1";
    return Stream.of(
        request("query", manyPairs),
        request("headers", manyPairs),
        request("later", manyPairs),
        pack(manyPairs),
        request("body", new byte[size]),
        request("body", "x".repeat(size)),
        request("body", Arrays.asList(octets)),
        request("later", new Packed.Raw(arrays)),
        request("path", "/" + "a/".repeat(size / 2)),
        utf8("{\"method\":\"GET\",\"path\":\"/a\",\"body\":[" + digits + "]}"),
        utf8("{\"method\":\"GET\",\"path\":\"/a\",\"x\":[" + digits + "]}"),
        utf8("{\"method\":\"GET\",\"path\":\"/a\",\"body\":\"" + "x".repeat(size) + "\"}"));
  }

  @ParameterizedTest
  @MethodSource("large")
  void decode_large_allocatesInProportion(byte[] message) {
    check(message, "message of " + message.length + " bytes");
  }

  @Test
  void check_allocationOfADeclaredLength_wouldBeSeen() {
    long before = threads.getCurrentThreadAllocatedBytes();
    var declared = new byte[8 << 20];

    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isGreaterThanOrEqualTo(declared.length)
        .isGreaterThan(ALLOCATED_ANYWAY + 300 * ALLOCATED_PER_BYTE);
  }

  /** Whether the message is a request; fails for every other end than a refusal. */
  private boolean check(byte[] message, String what) {
    long most = ALLOCATED_ANYWAY + ALLOCATED_PER_BYTE * message.length;
    Decoding first = decode(message, what);
    // What the JVM allocates once, for classes and call sites, is not the decoder's.
    Decoding decoding =
        first.allocated() <= most && first.nanos() <= LONGEST.toNanos()
            ? first
            : decode(message, what);
    if (decoding.allocated() > most || decoding.nanos() > LONGEST.toNanos()) {
      throw new AssertionError(what + ": " + decoding + " (most: " + most + "): " + hex(message));
    }
    return decoding.read();
  }

  private Decoding decode(byte[] message, String what) {
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    boolean read = true;
    try {
      RequestCodec.decode(message);
    } catch (InvalidRequestException e) {
      read = false;
      if (e.status().code() < 2 || e.status().code() > 6) {
        throw new AssertionError(what + ": " + e.status() + ": " + hex(message), e);
      }
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + ": " + hex(message), e);
    }
    long nanos = System.nanoTime() - start;
    return new Decoding(read, threads.getCurrentThreadAllocatedBytes() - allocated, nanos);
  }

  private record Decoding(boolean read, long allocated, long nanos) {}

  private static String hex(byte[] message) {
    String hex = HexFormat.of().formatHex(message, 0, Math.min(message.length, 2000));
    return message.length > 2000 ? hex + "..." : hex;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
