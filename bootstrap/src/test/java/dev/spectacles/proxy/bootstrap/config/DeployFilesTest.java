package dev.spectacles.proxy.bootstrap.config;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds the files for running it against the configuration, the build, and each other. */
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("..", "docs", "deploy");
  private static final Path ROOT = Path.of("..");
  private static final String UNIT = "spectacles-proxy.service";

  /** They come with the metrics, on a branch of their own. */
  private static final Set<String> OF_THE_METRICS =
      Set.of("../grafana-dashboard.json", "../prometheus-alerts.yml");

  /** What is kept for closing connections after the requests have ended. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private static final Pattern INSTRUCTION = Pattern.compile("([A-Z]+)\\s+(.*)", Pattern.DOTALL);

  /** An instruction of the Dockerfile. */
  private record Step(String name, String rest) {}

  @TempDir private Path directory;

  @Test
  void dockerfile_isWellFormed_andRunsWithoutRoot() throws IOException {
    List<Step> steps = dockerfile();
    var stages = new ArrayList<String>();
    for (Step step : steps) {
      assertThat(step.name())
          .isIn(
              "FROM",
              "WORKDIR",
              "COPY",
              "RUN",
              "ENV",
              "USER",
              "EXPOSE",
              "STOPSIGNAL",
              "HEALTHCHECK",
              "ENTRYPOINT",
              "CMD");
      if (step.name().equals("FROM")) {
        assertThat(step.rest()).matches("[a-z][a-z0-9/-]*:[a-z0-9][a-z0-9.-]*( AS [a-z]+)?");
        stages.add(step.rest().replaceAll(".* AS |.*:.*", ""));
      }
      Matcher from = Pattern.compile("--from=(\\S+)").matcher(step.rest());
      if (from.find()) {
        assertThat(stages).contains(from.group(1));
      }
    }
    List<Step> last = steps.subList(lastFrom(steps), steps.size());

    assertThat(only(last, "USER")).matches("[1-9][0-9]*:[1-9][0-9]*");
    assertThat(json(only(last, "ENTRYPOINT").strip())).isNotEmpty();
    assertThat(json(only(last, "CMD"))).containsExactly("serve");
    assertThat(json(only(last, "HEALTHCHECK").replaceFirst("(?s).*?CMD ", "")))
        .last()
        .asString()
        .contains("/dev/tcp/127.0.0.1/" + only(last, "EXPOSE"), "GET /healthz HTTP/1.0\\r\\n");
    assertThat(only(steps, "STOPSIGNAL")).isEqualTo("SIGTERM");
    assertThat(Files.readString(DEPLOY.resolve("Dockerfile")))
        .contains("COPY --from=build /src/bootstrap/target/spectacles-proxy.jar");
    assertThat(Files.readString(ROOT.resolve("bootstrap/pom.xml")))
        .contains("${project.build.directory}/spectacles-proxy.jar");
    Config config = load(environmentOfImage(), Map.of());
    assertThat(config.metrics().orElseThrow().address().toString())
        .isEqualTo("0.0.0.0:" + only(last, "EXPOSE"));
  }

  @Test
  void healthCheckOfTheImage_tellsHealthFromItsLack() throws Exception {
    List<Step> steps = dockerfile();
    var command = json(only(steps, "HEALTHCHECK").replaceFirst("(?s).*?CMD ", ""));

    for (var expected : Map.of("200 OK", 0, "503 Service Unavailable", 1).entrySet()) {
      try (var server =
          new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
        Thread.ofVirtual()
            .start(
                () -> {
                  try (var socket = server.accept()) {
                    socket.getInputStream().read(new byte[100]);
                    socket
                        .getOutputStream()
                        .write(("HTTP/1.1 " + expected.getKey() + "\r\n\r\n").getBytes(US_ASCII));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
        var here =
            command.stream()
                .map(part -> part.replace("/3000", "/" + server.getLocalPort()))
                .toList();
        Process check = new ProcessBuilder(here).redirectErrorStream(true).start();
        assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).as(expected.getKey()).isEqualTo(expected.getValue());
      }
    }
    var nobody = command.stream().map(part -> part.replace("/3000", "/1")).toList();
    Process check = new ProcessBuilder(nobody).redirectErrorStream(true).start();
    assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(check.exitValue()).isNotZero();
  }

  @Test
  void compose_isConsistent() throws IOException {
    Map<String, Object> services = map(yaml("compose.yaml").getFirst(), "services");
    Map<String, Object> proxy = map(services, "proxy");
    Config config = load(environmentOfImage(), texts(map(proxy, "environment")));

    assertThat(DEPLOY.resolve(text(map(proxy, "build"), "context")).toRealPath())
        .isEqualTo(ROOT.toRealPath());
    assertThat(ROOT.resolve(text(map(proxy, "build"), "dockerfile"))).exists();
    assertThat(proxy).containsEntry("read_only", true).containsEntry("cap_drop", List.of("ALL"));
    assertLonger(text(proxy, "stop_grace_period"), config);
    assertThat(text(texts(map(proxy, "environment")), "REDIS_URL")).isEqualTo("redis:6379");
    String port = port(config);
    assertThat(list(proxy, "ports")).containsExactly("127.0.0.1:" + port + ":" + port);
    assertThat(list(map(services, "redis"), "command")).containsSubsequence("noeviction");
    for (Map.Entry<String, Object> service : services.entrySet()) {
      for (String needed : keys(asMap(service.getValue()).get("depends_on"))) {
        assertThat(services).containsKey(needed);
      }
      for (String mapping : list(asMap(service.getValue()), "ports")) {
        assertThat(mapping).as("open to this machine only").startsWith("127.0.0.1:");
      }
      assertMounted(service.getKey(), list(asMap(service.getValue()), "volumes"));
    }
    assertThat(map(yaml("compose.yaml").getFirst(), "volumes"))
        .containsOnlyKeys("redis-data", "prometheus-data", "grafana-data");
  }

  @Test
  void prometheusAndGrafana_findEachOtherAndTheProxy() throws IOException {
    Map<String, Object> services = map(yaml("compose.yaml").getFirst(), "services");
    Map<String, Object> prometheus = yaml("prometheus.yml").getFirst();
    Map<String, Object> job = asMap(((List<?>) prometheus.get("scrape_configs")).getFirst());
    Map<String, Object> names = asMap(((List<?>) job.get("dns_sd_configs")).getFirst());
    Config config = load(texts(map(map(services, "proxy"), "environment")), Map.of());
    Map<String, Object> source =
        asMap(
            ((List<?>) yaml("grafana/datasources.yaml").getFirst().get("datasources")).getFirst());
    Map<String, Object> dashboards =
        asMap(((List<?>) yaml("grafana/dashboards.yaml").getFirst().get("providers")).getFirst());

    assertThat(services).containsKeys(list(names, "names").getFirst());
    assertThat(names.get("port").toString()).isEqualTo(port(config));
    assertThat(text(job, "metrics_path")).isEqualTo(config.metrics().orElseThrow().path());
    assertThat(list(map(services, "prometheus"), "volumes"))
        .anyMatch(mount -> mount.contains(":" + list(prometheus, "rule_files").getFirst() + ":"));
    assertThat(text(source, "url")).isEqualTo("http://prometheus:9090");
    assertThat(list(map(services, "grafana"), "volumes"))
        .anyMatch(mount -> mount.contains(":" + text(map(dashboards, "options"), "path") + "/"));
  }

  @Test
  void kubernetes_isConsistent() throws IOException {
    List<Map<String, Object>> all = yaml("kubernetes.yaml");
    assertThat(all)
        .extracting(each -> each.get("kind"))
        .containsExactly("Deployment", "Service", "PodDisruptionBudget");
    Map<String, Object> spec = map(all.getFirst(), "spec");
    Map<String, Object> template = map(spec, "template");
    Map<String, Object> pod = map(template, "spec");
    Map<String, Object> container = asMap(((List<?>) pod.get("containers")).getFirst());
    var environment = new HashMap<String, String>();
    for (Object variable : (List<?>) container.get("env")) {
      Map<String, Object> one = asMap(variable);
      // A secret's value is not here; any address will do.
      environment.put(text(one, "name"), one.containsKey("value") ? text(one, "value") : "r:1");
    }
    Config config = load(environmentOfImage(), environment);
    Map<String, Object> port = asMap(((List<?>) container.get("ports")).getFirst());
    Map<String, Object> labels = map(map(template, "metadata"), "labels");

    assertThat(port.get("containerPort").toString()).isEqualTo(port(config));
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      Map<String, Object> get = map(map(container, probe), "httpGet");
      assertThat(get).containsEntry("port", port.get("name"));
      assertThat(text(get, "path"))
          .isEqualTo(probe.equals("readinessProbe") ? "/readyz" : "/healthz");
    }
    assertLonger(pod.get("terminationGracePeriodSeconds") + "s", config);
    assertThat(map(pod, "securityContext"))
        .containsEntry("runAsNonRoot", true)
        .containsEntry("runAsUser", Integer.valueOf(user()));
    assertThat(map(container, "securityContext"))
        .containsEntry("readOnlyRootFilesystem", true)
        .containsEntry("allowPrivilegeEscalation", false)
        .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
    assertThat(map(map(container, "resources"), "limits")).containsKey("memory");
    assertThat(map(map(spec, "selector"), "matchLabels")).isEqualTo(labels);
    assertThat(map(map(all.get(1), "spec"), "selector")).isEqualTo(labels);
    assertThat(map(map(map(all.get(2), "spec"), "selector"), "matchLabels")).isEqualTo(labels);
  }

  @Test
  void systemdUnit_isConsistent() throws IOException {
    Map<String, List<String>> unit = unit();
    var environment = new HashMap<String, String>();
    unit.get("Environment")
        .forEach(pair -> environment.put(pair.split("=", 2)[0], pair.split("=", 2)[1]));
    Config config = load(environment, Map.of());

    assertThat(config.metrics().orElseThrow().address().toString()).startsWith("127.0.0.1:");
    assertLonger(unit.get("TimeoutStopSec").getFirst() + "s", config);
    assertThat(unit)
        .containsEntry("DynamicUser", List.of("yes"))
        .containsEntry("ProtectSystem", List.of("strict"))
        .containsEntry("NoNewPrivileges", List.of("yes"))
        .containsEntry("Restart", List.of("on-failure"))
        .doesNotContainKey("MemoryDenyWriteExecute");
    String command = unit.get("ExecStart").getFirst();
    assertThat(command).endsWith("-jar /opt/spectacles-proxy/spectacles-proxy.jar serve");
    assertThat(command).contains("%C/" + unit.get("CacheDirectory").getFirst() + "/");
  }

  @Test
  void systemdUnit_isAcceptedBySystemd() throws Exception {
    Path tool = Path.of("/usr/bin/systemd-analyze");
    if (!Files.isExecutable(tool)) {
      System.out.println("systemd-analyze is not here: the unit was only parsed by this test");
      return;
    }
    Path copy = directory.resolve(UNIT);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(copy, Files.readString(DEPLOY.resolve(UNIT)).replace("/usr/bin/java", java));
    Process verify =
        new ProcessBuilder(tool.toString(), "verify", "--man=no", copy.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(verify.getInputStream().readAllBytes(), UTF_8);

    assertThat(verify.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said.lines().filter(line -> line.contains(UNIT))).isEmpty();
  }

  /** The image's JVM is bounded as that of the launcher and the unit is. */
  @Test
  void commandLines_agree() throws IOException {
    for (Path file :
        List.of(
            ROOT.resolve("spectacles-proxy"), DEPLOY.resolve(UNIT), DEPLOY.resolve("Dockerfile"))) {
      assertThat(Files.readString(file))
          .contains("-Xmx512m -XX:+UseSerialGC", "-Dmsgpack.universal-buffer=true", "JAVA_OPTS");
    }
  }

  private static void assertMounted(String service, List<String> mounts) {
    for (String mount : mounts) {
      String source = mount.split(":", 2)[0];
      if (source.startsWith(".") && !OF_THE_METRICS.contains(source)) {
        assertThat(DEPLOY.resolve(source)).as(service).exists();
        assertThat(mount).endsWith(":ro");
      }
    }
  }

  private static void assertLonger(String grace, Config config) {
    Duration time = Duration.parse("PT" + grace);
    assertThat(time).isGreaterThan(config.drainTimeout().plus(CLOSING));
  }

  private static String port(Config config) {
    return config.metrics().orElseThrow().address().toString().replaceFirst(".*:", "");
  }

  private static String user() throws IOException {
    return only(dockerfile(), "USER").split(":", 2)[0];
  }

  /** Configuration that these variables make; each has to be one of a key. */
  private Config load(Map<String, String> environment, Map<String, String> over) {
    var all = new HashMap<>(environment);
    all.putAll(over);
    List<String> known =
        new Schema("1", Plugins.installed())
            .settings().stream().map(Setting::environmentName).toList();
    assertThat(known).containsAll(all.keySet());
    return new ConfigLoader("1", Plugins.installed(), all, directory).load();
  }

  private static Map<String, String> environmentOfImage() throws IOException {
    List<Step> steps = dockerfile();
    var environment = new HashMap<String, String>();
    for (String pair : only(steps, "ENV").split("\\s+", -1)) {
      environment.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    return environment;
  }

  private static List<Step> dockerfile() throws IOException {
    String text =
        Files.readString(DEPLOY.resolve("Dockerfile"))
            .replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\\\\n", "");
    return text.lines()
        .filter(line -> !line.isBlank())
        .map(
            line -> {
              Matcher instruction = INSTRUCTION.matcher(line);
              assertThat(instruction.matches()).as(line).isTrue();
              return new Step(instruction.group(1), instruction.group(2).strip());
            })
        .toList();
  }

  private static int lastFrom(List<Step> steps) {
    int last = 0;
    for (int i = 0; i < steps.size(); i++) {
      last = steps.get(i).name().equals("FROM") ? i : last;
    }
    return last;
  }

  private static String only(List<Step> steps, String name) {
    List<Step> found = steps.stream().filter(step -> step.name().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst().rest();
  }

  /** JSON is YAML. */
  private static List<String> json(String array) {
    List<?> parts = (List<?>) reader().load(array);
    return parts.stream().map(String::valueOf).toList();
  }

  /** Keys and values of a unit, whose lines may go on. */
  private static Map<String, List<String>> unit() throws IOException {
    var values = new HashMap<String, List<String>>();
    Files.readString(DEPLOY.resolve(UNIT))
        .replaceAll("\\\\\n\\s*", "")
        .lines()
        .filter(line -> line.matches("[A-Za-z]+=.*"))
        .forEach(
            line ->
                values
                    .computeIfAbsent(line.split("=", 2)[0], key -> new ArrayList<>())
                    .add(line.split("=", 2)[1]));
    return values;
  }

  private static List<Map<String, Object>> yaml(String file) throws IOException {
    var documents = new ArrayList<Map<String, Object>>();
    reader()
        .loadAll(new StringReader(Files.readString(DEPLOY.resolve(file))))
        .forEach(document -> documents.add(asMap(document)));
    return documents;
  }

  private static Yaml reader() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  private static Map<String, Object> map(Map<String, ?> parent, String key) {
    assertThat(parent).containsKey(key);
    return asMap(parent.get(key));
  }

  private static Map<String, Object> asMap(Object value) {
    var map = new HashMap<String, Object>();
    ((Map<?, ?>) value).forEach((key, each) -> map.put(String.valueOf(key), each));
    return map;
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    var texts = new HashMap<String, String>();
    values.forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  private static String text(Map<String, ?> parent, String key) {
    assertThat(parent).containsKey(key);
    return String.valueOf(parent.get(key));
  }

  private static List<String> list(Map<String, Object> parent, String key) {
    return parent.get(key) instanceof List<?> values
        ? values.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static List<String> keys(Object value) {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).toList()
        : value instanceof List<?> names ? names.stream().map(String::valueOf).toList() : List.of();
  }
}
