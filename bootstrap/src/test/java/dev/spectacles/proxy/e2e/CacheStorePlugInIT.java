package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of answers that the proxy does not know, made by the steps of its documentation. */
class CacheStorePlugInIT {
  private static final Path DOCUMENTATION = Path.of("..", "docs", "writing-a-cache-store.md");
  private static final Path SOURCES =
      Path.of("src", "test", "java", "dev", "spectacles", "proxy", "shelf");
  private static final Pattern STEPS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path directory;

  @BeforeEach
  void layOut() throws IOException {
    Path sources = Files.createDirectories(directory.resolve("shelf"));
    List<Path> files;
    try (Stream<Path> found = Files.list(SOURCES)) {
      files = found.filter(file -> !file.toString().endsWith("Test.java")).toList();
    }
    assertThat(files).hasSizeGreaterThan(1);
    for (Path file : files) {
      Files.copy(file, sources.resolve(file.getFileName()));
    }
    Files.copy(ProxyProcess.jar(), directory.resolve("spectacles-proxy.jar"));
  }

  @Test
  void stepsOfTheDocumentation_makeAStoreThatIsChosenByConfiguration() throws Exception {
    Matcher steps = STEPS.matcher(Files.readString(DOCUMENTATION));
    assertThat(steps.find()).isTrue();

    assertThat(run(steps.group(1))).contains("Answers: shelf in kept");

    Path jar = directory.resolve("shelf.jar");
    var wrong = new CommandLine(directory).with(jar).set("CACHE_REST_STORE", "shelf").run("check");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("shelf.folder: empty (expected: a folder)");
    var without = new CommandLine(directory).set("CACHE_REST_STORE", "shelf").run("check");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("cache.rest.store: \"shelf\" (expected: one of memory");
  }

  /** What the steps print, done one after the other in the folder where everything lies. */
  private String run(String steps) throws Exception {
    Path printed = directory.resolve("printed.txt");
    var builder =
        new ProcessBuilder("bash", "-eu", "-c", steps)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    String path = Path.of(System.getProperty("java.home"), "bin") + File.pathSeparator;
    builder.environment().merge("PATH", path, (before, first) -> first + before);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(printed, UTF_8)).isZero();
      return Files.readString(printed, UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
