package dev.spectacles.proxy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a checkout of its own, with JDKs and a Maven that only say what they get.
 */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "spectacles-proxy");
  private static final Instant EARLIER = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2021-01-01T00:00:00Z");

  @TempDir private Path root;
  private Path checkout;
  private Path jar;
  private Path caller;
  private Map<String, String> environment;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void prepare() throws IOException {
    checkout = Files.createDirectories(root.resolve("the checkout"));
    caller = Files.createDirectories(root.resolve("caller"));
    jar = checkout.resolve("bootstrap/target/spectacles-proxy.jar");
    for (String module : List.of("domain", "application", "adapters", "bootstrap")) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main/java"));
    }
    file(checkout.resolve("pom.xml"), "<project/>", EARLIER);
    // JDKs of this machine are out of sight for the copy.
    String script = Files.readString(LAUNCHER);
    for (String parent : List.of("/usr/lib", "/usr/java", "/Library", "/opt/")) {
      script = script.replaceAll("(?<=[ \\n])" + parent, root + "/machine" + parent);
    }
    program(checkout.resolve("spectacles-proxy"), script);
    environment = new HashMap<>();
    environment.put("HOME", Files.createDirectories(root.resolve("home")).toString());
    environment.put("PATH", root.resolve("programs") + ":/usr/bin:/bin");
    Files.createDirectories(root.resolve("programs"));
    hideJavaOfThePath();
  }

  @Test
  void arguments_areHandedOnFromTheCallersFolder() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", jdk("jdk", "21.0.1"));
    environment.put("JAVA_OPTS", "-Done=1 -Dtwo=2");

    Result result = run(List.of("call", "a b", "", "*"));

    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .startsWith("jdk in " + caller.toRealPath())
        .containsSubsequence(
            "[-Done=1]",
            "[-Dtwo=2]",
            "[-jar]",
            "[" + jar.toRealPath() + "]",
            "[call]",
            "[a b]",
            "[]",
            "[*]");
    assertThat(result.code()).isEqualTo(42);
  }

  @Test
  void noArguments_askForTheHelp() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", jdk("jdk", "25"));

    assertThat(run(List.of()).out().strip()).endsWith("[--help]");
  }

  @Test
  void symbolicLinks_leadToTheCheckout() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    Path absolute =
        Files.createSymbolicLink(root.resolve("a"), checkout.resolve("spectacles-proxy"));
    Path relative = Files.createSymbolicLink(root.resolve("home/b"), Path.of("../a"));

    assertThat(run(relative, List.of("x")).out()).contains("[" + jar.toRealPath() + "]");
    assertThat(run(absolute, List.of("x")).code()).isEqualTo(42);
  }

  @Test
  void oldJavaHome_isPassedOver() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", jdk("old", "17.0.15"));
    environment.put("JAVA8_HOME", jdk("older", "1.8.0_402"));
    environment.put("JAVA25_HOME", jdk("new", "25.0.3"));

    assertThat(run(List.of("x")).out()).startsWith("new in");
  }

  @Test
  void usualPlaces_areSearched() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", root.resolve("missing").toString());
    for (String place :
        List.of(
            "machine/usr/lib/jvm/some jdk",
            "home/.sdkman/candidates/java/25-tem",
            "home/.jdks/temurin-25",
            "machine/Library/Java/JavaVirtualMachines/t.jdk/Contents/Home",
            "machine/opt/jdk-25")) {
      Path home = Path.of(jdk(place, "25"));

      assertThat(run(List.of("x")).out()).startsWith(home.getFileName() + " in");

      Files.delete(home.resolve("release"));
    }
  }

  @Test
  void noJdk_isOneLineThatSaysWhatToInstall() throws Exception {
    builtAt(LATER);

    Result result = run(List.of("x"));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "spectacles-proxy: no JDK 21 or newer found: install one (for example Temurin 25) in a"
                + " usual place, or set JAVA_HOME to it.\n");
  }

  @Test
  void noBuild_buildsOnceWithProgress() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    maven(0);

    Result first = run(List.of("x"));
    Result second = run(List.of("x"));

    assertThat(first.code()).isEqualTo(42);
    assertThat(first.err()).contains("building", "Spectacles Proxy: domain", "built in");
    assertThat(second.err()).isEmpty();
    assertThat(Files.readAllLines(root.resolve("maven.log")))
        .containsExactly(
            "-B -ntp -pl bootstrap -am package -DskipTests -Dstyle.color=never in "
                + checkout.toRealPath());
    assertThat(checkout.resolve("bootstrap/target/.building")).doesNotExist();
  }

  @Test
  void newerSources_areBuiltAgain() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    maven(0);
    builtAt(EARLIER);
    file(checkout.resolve("adapters/src/main/java/A.java"), "class A {}", LATER);

    assertThat(run(List.of("x")).err()).contains("built in");
    assertThat(run(List.of("x")).err()).isEmpty();
  }

  @Test
  void newerTestsAndOutput_areNot() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    builtAt(EARLIER);
    file(checkout.resolve("adapters/src/test/java/A.java"), "class A {}", LATER);
    file(checkout.resolve("adapters/target/src/main/java/A.java"), "class A {}", LATER);

    assertThat(run(List.of("x")).err()).isEmpty();
  }

  @Test
  void failedBuild_showsItsEndAndRunsNothing() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    maven(1);

    Result result = run(List.of("x"));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("[ERROR] it does not compile", "the build failed; its whole log is")
        .doesNotContain("built in");
    assertThat(checkout.resolve("bootstrap/target/launcher-build.log"))
        .content()
        .contains("[INFO]");
    assertThat(checkout.resolve("bootstrap/target/.building")).doesNotExist();
  }

  @Test
  void severalAtOnce_buildOnce() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    maven(0);
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 3; i++) {
      processes.add(start(checkout.resolve("spectacles-proxy"), List.of("x")));
    }

    for (Process process : processes) {
      assertThat(process.waitFor()).isEqualTo(42);
    }
    assertThat(Files.readAllLines(root.resolve("maven.log"))).hasSize(1);
  }

  @Test
  void lockOfAProcessThatIsGone_isIgnored() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    maven(0);
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Path lock = Files.createDirectories(checkout.resolve("bootstrap/target/.building"));
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");

    assertThat(run(List.of("x")).code()).isEqualTo(42);
  }

  @Test
  void archiveOfClasses_isNamedAfterTheJar_andOldOnesGo() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", jdk("jdk", "25.0.3"));
    String first = archive(run(List.of("serve"))).orElseThrow();
    Files.writeString(Path.of(first), "written by the JVM");
    Path ofOthers = Files.createFile(jar.resolveSibling("spectacles-proxy-21-serve-1-1.jsa"));

    assertThat(archive(run(List.of("serve")))).contains(first);
    assertThat(archive(run(List.of("check"))).orElseThrow()).contains("-25-check-");
    file(jar, "another jar", LATER);
    String second = archive(run(List.of("serve"))).orElseThrow();

    assertThat(first).startsWith(jar.getParent().toRealPath() + "/spectacles-proxy-25-serve-");
    assertThat(second).isNotEqualTo(first);
    assertThat(Path.of(first)).doesNotExist();
    assertThat(ofOthers).exists();
  }

  /** Nobody, root included, can make a folder below a file. */
  @Test
  void archiveOfClasses_whereNothingCanBeWritten_isLeftOut() throws Exception {
    builtAt(LATER);
    environment.put("JAVA_HOME", jdk("jdk", "25"));
    Path launcher = checkout.resolve("spectacles-proxy");
    program(
        launcher,
        Files.readString(launcher).replace("for folder in \"$build\" ", "for folder in "));
    Path cache = root.resolve("cache");
    environment.put("XDG_CACHE_HOME", cache.toString());
    assertThat(archive(run(List.of("serve"))).orElseThrow()).startsWith(cache.toString());

    environment.put("XDG_CACHE_HOME", root.resolve("maven.log/x").toString());
    Files.createFile(root.resolve("maven.log"));
    Result without = run(List.of("serve"));

    assertThat(archive(without)).isEmpty();
    assertThat(without.out()).contains("[-Xmx512m]", "[serve]").doesNotContain("CreateShared");
    assertThat(without.err()).isEmpty();
  }

  private static Optional<String> archive(Result result) {
    return result
        .out()
        .lines()
        .filter(line -> line.startsWith("[-XX:SharedArchiveFile="))
        .map(line -> line.substring(line.indexOf('=') + 1, line.length() - 1))
        .findFirst();
  }

  private void hideJavaOfThePath() throws IOException {
    // A java on the path that belongs to no JDK folder.
    program(root.resolve("programs/java"), "#!/bin/sh\necho path java\n");
  }

  private void builtAt(Instant time) throws IOException {
    file(jar, "jar", time);
  }

  private String jdk(String place, String version) throws IOException {
    Path home = root.resolve(place);
    program(
        home.resolve("bin/java"),
        "#!/bin/sh\necho \"$(basename \"$(dirname \"$(dirname \"$0\")\")\") in $(pwd -P)\"\n"
            + "printf '[%s]\\n' \"$@\"\nexit 42\n");
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home.toString();
  }

  private void maven(int code) throws IOException {
    program(
        root.resolve("programs/mvn"),
        "#!/bin/sh\n"
            + ("echo \"$* in $(pwd -P)\" >> '" + root + "/maven.log'\n")
            + "echo '[INFO] Building Spectacles Proxy: domain 0.1.0 [2/11]'\n"
            + (code == 0
                ? "echo jar > bootstrap/target/spectacles-proxy.jar\n"
                : "echo '[ERROR] it does not compile'\n")
            + ("exit " + code + "\n"));
  }

  private static void program(Path path, String script) throws IOException {
    file(path, script, EARLIER);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private static void file(Path path, String content, Instant time) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    Files.setLastModifiedTime(path, FileTime.from(time));
  }

  private Result run(List<String> arguments) throws Exception {
    return run(checkout.resolve("spectacles-proxy"), arguments);
  }

  private Result run(Path launcher, List<String> arguments) throws Exception {
    Process process = start(launcher, arguments);
    int code = process.waitFor();
    return new Result(
        code, Files.readString(root.resolve("out")), Files.readString(root.resolve("err")));
  }

  private Process start(Path launcher, List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(caller.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    return builder
        .redirectOutput(root.resolve("out").toFile())
        .redirectError(root.resolve("err").toFile())
        .start();
  }
}
