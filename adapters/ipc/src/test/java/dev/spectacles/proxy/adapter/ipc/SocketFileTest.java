package dev.spectacles.proxy.adapter.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketFileTest {
  private Path directory;
  private Path path;

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createTempDirectory("ipc");
    path = directory.resolve("proxy.sock");
  }

  @AfterEach
  void clear() throws IOException {
    Files.deleteIfExists(path);
    Files.delete(directory);
  }

  @Test
  void bind_isForItsOwnerAlone_andLeavesNothingElse() throws IOException {
    try (var file = SocketFile.bind(path)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      try (var files = Files.list(directory)) {
        assertThat(files).containsExactly(path);
      }
      try (var client = SocketChannel.open(UnixDomainSocketAddress.of(path));
          var accepted = file.accept()) {
        assertThat(accepted.isConnected()).isTrue();
        assertThat(client.isConnected()).isTrue();
      }
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void bind_staleSocket_isReplaced() throws IOException {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();

    try (var file = SocketFile.bind(path);
        var client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      assertThat(client.isConnected()).isTrue();
      assertThat(file.isOpen()).isTrue();
    }
  }

  @Test
  void bind_whereAnotherServes_saysSo() throws IOException {
    try (var first = SocketFile.bind(path)) {
      assertThatThrownBy(() -> SocketFile.bind(path))
          .isInstanceOf(BrokerException.class)
          .hasMessage(
              "ipc.path: %s is served by another process (expected: a path of its own)", path);
      assertThat(first.isOpen()).isTrue();
      assertThat(path).exists();
    }
  }

  @Test
  void bind_ordinaryFile_isNotTouched() throws IOException {
    Files.writeString(path, "precious");

    assertThatThrownBy(() -> SocketFile.bind(path))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("(expected: a socket or nothing there)");
    assertThat(path).hasContent("precious");
  }

  @Test
  void bind_namedPipe_isNotTouched() throws Exception {
    Process mkfifo = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
    assertThat(mkfifo.waitFor(20, TimeUnit.SECONDS)).isTrue();
    Object before = Files.readAttributes(path, BasicFileAttributes.class).fileKey();

    assertThatThrownBy(() -> SocketFile.bind(path))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("(expected: a socket or nothing there)");
    assertThat(Files.readAttributes(path, BasicFileAttributes.class).fileKey()).isEqualTo(before);
  }

  @Test
  void bind_impossiblePlace_saysWhy() {
    assertThatThrownBy(() -> SocketFile.bind(directory.resolve("missing/a.sock")))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("(expected: a path in a directory that exists)");
    assertThatThrownBy(() -> SocketFile.bind(directory.resolve("x".repeat(120))))
        .isInstanceOf(BrokerException.class)
        .hasMessageStartingWith("ipc.path: ");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void close_pathIsAnothersByNow_leavesIt() throws IOException {
    var first = SocketFile.bind(path);
    Files.delete(path);
    try (var second = SocketFile.bind(path)) {
      first.close();

      assertThat(path).exists();
      assertThat(second.isOpen()).isTrue();
    }
  }
}
