package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.msgpack.core.buffer.MessageBuffer;

class UniversalBufferTest {
  /** Runs in a JVM of its own, as the property counts at the library's first use only. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) throws Exception {
      byte[] request = HexFormat.of().parseHex(args[0]);
      String method = RequestCodec.decode(request).method().name();
      var buffer = MessageBuffer.wrap(request);
      System.out.println(method + " " + buffer.getClass().getSimpleName());
    }
  }

  @Test
  void decode_withoutTheSystemProperty_usesNoUnsafe() throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Probe.class.getName(),
            HexFormat.of().formatHex(Clients.request("js-get")));
    Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();

    String output = new String(jvm.getInputStream().readAllBytes(), UTF_8);

    assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output.strip()).isEqualTo("GET MessageBufferU");
  }
}
