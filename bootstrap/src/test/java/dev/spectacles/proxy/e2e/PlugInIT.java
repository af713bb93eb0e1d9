package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that the proxy does not know: a jar beside it, and the configuration that names it. */
class PlugInIT {
  private static final Path CLASSES = Path.of("target", "test-classes");
  private static final Path SERVICES = Path.of("src", "test", "plugin");

  @TempDir private Path directory;

  @Test
  void brokerOfAnotherJar_chosenByConfiguration_servesAndIsCalled() throws Exception {
    Path plugin = jar();
    String folder = directory.resolve("desk").toString();
    try (var discord = SimulatorServer.start(Scenarios.unlimited());
        var proxy =
            ProxyProcess.startWith(
                plugin,
                Map.of(
                    "BROKER_TYPE",
                    "paper",
                    "PAPER_FOLDER",
                    folder,
                    "DISCORD_API_URL",
                    discord.apiUrl().toString()))) {
      var called =
          new CommandLine(directory)
              .with(plugin)
              .set("PAPER_FOLDER", folder)
              .set("BOT", "e2e")
              .run("call", "--broker", "paper", "GET", "/users/@me", "--token-env", "BOT");

      assertThat(called.exitCode()).as(called.err()).isZero();
      assertThat(proxy.output()).contains("paper in " + folder);
      assertThat(discord.ledger()).hasSize(1);
      assertThat(proxy.terminate(Duration.ofSeconds(20))).isZero();
    }
  }

  @Test
  void brokerOfAnotherJar_wrongSetting_isTold() throws Exception {
    var checked = new CommandLine(directory).with(jar()).run("check", "--broker", "paper");

    assertThat(checked.exitCode()).isEqualTo(2);
    assertThat(checked.err()).contains("paper.folder: empty (expected: a folder)");
  }

  @Test
  void broker_withoutItsJar_isUnknown() throws Exception {
    var checked = new CommandLine(directory).run("check", "--broker", "paper");

    assertThat(checked.exitCode()).isEqualTo(2);
    assertThat(checked.err()).contains("option --broker: broker.type: \"paper\" (expected: one of");
  }

  /** As the build of a plug-in makes it. */
  private Path jar() throws IOException {
    Path jar = directory.resolve("paper.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(CLASSES, "dev/spectacles/proxy/paper", out);
      add(SERVICES, "META-INF/services", out);
    }
    return jar;
  }

  private static void add(Path root, String folder, JarOutputStream jar) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(root.resolve(folder))) {
      files = found.filter(Files::isRegularFile).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      jar.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
      copy(file, jar);
    }
  }

  private static void copy(Path file, OutputStream to) throws IOException {
    Files.copy(file, to);
  }
}
