package dev.spectacles.proxy.adapter.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.ipc.IpcSettings.Transport;
import dev.spectacles.proxy.adapter.spi.BrokerProvider.Reach;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.BrokerException;
import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpcSettingsTest {
  private static final Map<String, String> NODE = Map.of("NODE_CHANNEL_FD", "3");

  @Test
  void transport_auto_isChosenBySurroundings() {
    assertThat(transport(Map.of(), Map.of())).isEqualTo(new Transport.StandardStreams());
    assertThat(transport(Map.of(), NODE)).isEqualTo(new Transport.Node(3));
    assertThat(transport(Map.of("path", "/x"), Map.of()))
        .isEqualTo(new Transport.Socket(Path.of("/x")));
    assertThat(transport(Map.of("path", "/x"), NODE)).isEqualTo(new Transport.Node(3));
    assertThat(
            IpcSettings.of(new MapSection(IpcSettings.keys(), Map.of("path", "/x")), NODE).shown())
        .contains("descriptor 3", "ipc.path is not used");
  }

  @Test
  void transport_named_isTaken() {
    assertThat(transport(Map.of("transport", "stdio"), NODE))
        .isEqualTo(new Transport.StandardStreams());
    assertThat(transport(Map.of("transport", "socket", "path", "/x"), NODE))
        .isEqualTo(new Transport.Socket(Path.of("/x")));
    assertThat(transport(Map.of("transport", "node"), NODE)).isEqualTo(new Transport.Node(3));
  }

  @Test
  void transport_thatCannotBe_saysWhatIsMissing() {
    refuse(Map.of("transport", "socket"), Map.of(), "ipc.path: empty");
    refuse(Map.of("transport", "node"), Map.of(), "ipc.transport: node, without NODE_CHANNEL_FD");
    refuse(Map.of("transport", "stdio", "path", "/x"), Map.of(), "ipc.path: set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "3x", "99999999999"})
  void nodeChannel_unreadable_isRefused(String descriptor) {
    refuse(Map.of(), Map.of("NODE_CHANNEL_FD", descriptor), "ipc.transport: node, with NODE_CH");
  }

  @Test
  void nodeChannel_advancedSerialization_isRefused() {
    var advanced = Map.of("NODE_CHANNEL_FD", "3", "NODE_CHANNEL_SERIALIZATION_MODE", "advanced");
    refuse(Map.of(), advanced, "ipc.transport: node, with NODE_CHANNEL_SERIALIZATION_MODE");
    assertThat(transport(Map.of("transport", "stdio"), advanced))
        .isEqualTo(new Transport.StandardStreams());
  }

  @Test
  void reach_standardStreams_areSaidToBeTaken() {
    var provider = new IpcBrokerProvider(Map.of());
    assertThat(provider.reach(new MapSection(IpcSettings.keys(), Map.of())))
        .isEqualTo(Reach.STANDARD_STREAMS);
    assertThat(provider.reach(new MapSection(IpcSettings.keys(), Map.of("path", "/x"))))
        .isEqualTo(Reach.OTHERS);
    assertThat(new IpcBrokerProvider(NODE).reach(new MapSection(IpcSettings.keys(), Map.of())))
        .isEqualTo(Reach.PARENT);
  }

  @Test
  void connect_withoutSocket_saysWhatIsNeeded() {
    var provider = new IpcBrokerProvider(Map.of());
    var nowhere = IpcBench.context("call", Map.of(), () -> {});
    assertThatThrownBy(() -> provider.connect(nowhere))
        .isInstanceOf(BrokerException.class)
        .hasMessageStartingWith("ipc.path: empty (expected: the socket of a running proxy");
    var nobody = IpcBench.context("call", Map.of("path", "/nowhere/at.all"), () -> {});
    assertThatThrownBy(() -> provider.connect(nobody))
        .isInstanceOf(BrokerException.class)
        .hasMessageStartingWith("Nobody serves at /nowhere/at.all");
  }

  @Test
  void descriptor_ofAnyNumber_canBeMade() {
    assertThat(NodeDescriptor.of(0)).isSameAs(FileDescriptor.in);
    assertThat(NodeDescriptor.of(12_345).valid()).isTrue();
  }

  private static Transport transport(Map<String, String> section, Map<String, String> around) {
    return IpcSettings.of(new MapSection(IpcSettings.keys(), section), around).transport();
  }

  private static void refuse(
      Map<String, String> section, Map<String, String> around, String message) {
    assertThatThrownBy(() -> transport(section, around))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
