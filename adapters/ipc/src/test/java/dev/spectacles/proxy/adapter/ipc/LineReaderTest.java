package dev.spectacles.proxy.adapter.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void next_piecesOfAnySize_areTheSameLines(int piece) throws IOException {
    String text = "{\"a\":1}\n\n{\"é\":\"👍\"}\r\n \t\r\n{}\nlast";

    assertThat(lines(text, piece, 100))
        .containsExactly("{\"a\":1}", "{\"é\":\"👍\"}\r", "{}", "last");
  }

  @Test
  void next_longLines_areWhole() throws IOException {
    String long1 = "a".repeat(1_000_000);
    String long2 = "b".repeat(200_000);

    assertThat(lines(long1 + "\nc\n" + long2 + "\n", 100_000, 1_000_000))
        .containsExactly(long1, "c", long2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 4096})
  void next_tooLong_isPassedOver(int piece) throws IOException {
    String text = "x".repeat(21) + "\n" + "y".repeat(20) + "\n" + "z".repeat(5_000) + "END\nok";
    var reader = reader(text, piece, 20);

    assertThat(reader.next())
        .hasValueSatisfying(
            line -> {
              var tooLong = (Line.TooLong) line;
              assertThat(tooLong.length()).isEqualTo(21);
              assertThat(tooLong.head()).containsExactly("x".repeat(21).getBytes(UTF_8));
              assertThat(tooLong.tail()).containsExactly("x".repeat(21).getBytes(UTF_8));
            });
    assertThat(text(reader.next())).isEqualTo("y".repeat(20));
    assertThat(reader.next())
        .hasValueSatisfying(
            line -> {
              var tooLong = (Line.TooLong) line;
              assertThat(tooLong.length()).isEqualTo(5_003);
              assertThat(tooLong.head().length).isBetween(20, 1024);
              assertThat(new String(tooLong.tail(), UTF_8)).hasSize(1024).endsWith("zEND");
            });
    assertThat(text(reader.next())).isEqualTo("ok");
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void next_randomPieces_loseNothing() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var expected = new ArrayList<String>();
      for (int i = 0; i < 200; i++) {
        expected.add("l".repeat(1 + random.nextInt(random.nextBoolean() ? 20 : 100_000)));
      }
      assertThat(lines(String.join("\n", expected), 1 + random.nextInt(70_000), 100_000))
          .as("seed %d", seed)
          .isEqualTo(expected);
    }
  }

  private static List<String> lines(String text, int piece, int longest) throws IOException {
    var reader = reader(text, piece, longest);
    var lines = new ArrayList<String>();
    Optional<Line> line = reader.next();
    while (line.isPresent()) {
      lines.add(text(line));
      line = reader.next();
    }
    return lines;
  }

  private static String text(Optional<Line> line) {
    var whole = (Line.Whole) line.orElseThrow();
    return new String(Arrays.copyOf(whole.bytes(), (int) whole.length()), UTF_8);
  }

  private static LineReader reader(String text, int piece, int longest) {
    var bytes = new ByteArrayInputStream(text.getBytes(UTF_8));
    return new LineReader(
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("byte by byte");
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return bytes.read(target, offset, Math.min(length, piece));
          }
        },
        longest);
  }
}
