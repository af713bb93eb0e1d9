package dev.spectacles.proxy.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
  private ServerSocket echo;
  private Relay relay;

  @BeforeEach
  void start() throws IOException {
    echo = answering("");
    relay = Relay.to(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    relay.close();
    echo.close();
  }

  @Test
  void bytes_passUnchanged() throws IOException {
    try (var client = connect()) {
      assertThat(exchange(client, "hello")).isEqualTo("hello");
    }
  }

  @Test
  void delay_isPaidOncePerRoundTrip_notPerRequest() throws IOException {
    relay.delay(Duration.ofMillis(100));
    try (var client = connect()) {
      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        client.getOutputStream().write(i);
      }
      byte[] back = client.getInputStream().readNBytes(100);
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      for (int i = 0; i < 100; i++) {
        assertThat(back[i]).isEqualTo((byte) i);
      }
      assertThat(took).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }
  }

  @Test
  void cut_closesConnections_untilRestored() throws IOException {
    try (var before = connect()) {
      exchange(before, "x");
      relay.cut();
      assertThat(ended(before)).isTrue();
    }
    try (var during = connect()) {
      assertThat(ended(during)).isTrue();
    }

    relay.restore();

    try (var after = connect()) {
      assertThat(exchange(after, "again")).isEqualTo("again");
    }
  }

  @Test
  void pointedElsewhere_leadsThere() throws IOException {
    try (var other = answering("other:");
        var before = connect()) {
      exchange(before, "x");
      relay.pointTo(other.getLocalPort());

      assertThat(ended(before)).isTrue();
      try (var after = connect()) {
        assertThat(new String(after.getInputStream().readNBytes(6), US_ASCII)).isEqualTo("other:");
      }
    }
  }

  @Test
  void serverThatIsDown_isAConnectionThatIsClosed() throws IOException {
    echo.close();
    try (var client = connect()) {
      assertThat(ended(client)).isTrue();
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), relay.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String exchange(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(US_ASCII));
    return new String(client.getInputStream().readNBytes(text.length()), US_ASCII);
  }

  private static boolean ended(Socket client) throws IOException {
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Says this when it is connected to, and then what it hears. */
  private static ServerSocket answering(String greeting) throws IOException {
    var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  Thread.ofVirtual().start(() -> echo(socket, greeting));
                } catch (IOException closed) {
                  return;
                }
              }
            });
    return server;
  }

  private static void echo(Socket socket, String greeting) {
    try (socket) {
      socket.getOutputStream().write(greeting.getBytes(US_ASCII));
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException closed) {
      // Ends with the connection.
    }
  }
}
