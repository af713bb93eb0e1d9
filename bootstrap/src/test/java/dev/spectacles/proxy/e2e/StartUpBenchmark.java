package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Time and CPU time from the start of the JVM until it serves, and resident memory a while later,
 * for command lines of the JVM that the launcher might use. Prints, asserts nothing. {@code mvn
 * -Pbenchmarks verify -Dit.test=StartUpBenchmark}
 */
@Tag("benchmark")
class StartUpBenchmark {
  private static final int RUNS = Integer.getInteger("runs", 5);
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final List<String> SERIAL = List.of("-Xmx512m", "-XX:+UseSerialGC");
  private static final List<String> G1 = List.of("-Xmx512m", "-XX:+UseG1GC");
  private static final List<String> QUIET = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  @TempDir private Path directory;

  private record Run(long serving, long cpu, long resident) {}

  @Test
  void startUp_andIdleMemory() throws Exception {
    try (var redis = EmbeddedRedis.start()) {
      Map<String, List<String>> variants = variants(redis.url());
      var runs = new LinkedHashMap<String, List<Run>>();
      for (int i = 0; i < RUNS; i++) {
        // In turns, so that a busy moment of the machine hits all of them.
        for (var variant : variants.entrySet()) {
          runs.computeIfAbsent(variant.getKey(), any -> new ArrayList<>())
              .add(run(variant.getValue(), redis.url(), IDLE));
        }
      }
      System.out.printf(
          "| JVM %s | serving | CPU until then | resident idle |%n", Runtime.version());
      runs.forEach(
          (name, all) ->
              System.out.printf(
                  "| %s | %.2f s | %.2f s | %d MiB |%n",
                  name,
                  median(all, Run::serving) / 1e9,
                  median(all, Run::cpu) / 1e9,
                  median(all, Run::resident)));
    }
  }

  private Map<String, List<String>> variants(String redis) throws Exception {
    var variants = new LinkedHashMap<String, List<String>>();
    variants.put("the JVM's own choice", List.of());
    variants.put("`-Xmx512m -XX:+UseG1GC`", G1);
    variants.put("`-Xmx512m -XX:+UseSerialGC`", SERIAL);
    variants.put("the same G1 with AppCDS", archived(G1, "g1", redis));
    variants.put("the same SerialGC with AppCDS", archived(SERIAL, "serial", redis));
    variants.put(
        "that with `-Xms32m`", archived(joined(List.of("-Xms32m"), SERIAL), "small", redis));
    if (Runtime.version().feature() >= 25) {
      Path cache = directory.resolve("serve.aot");
      run(joined(SERIAL, List.of("-XX:AOTCacheOutput=" + cache)), redis, Duration.ZERO);
      variants.put(
          "the same SerialGC with an AOT cache (Java 25)",
          joined(SERIAL, List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off")));
    }
    return variants;
  }

  private List<String> archived(List<String> options, String name, String redis) throws Exception {
    Path archive = directory.resolve(name + ".jsa");
    List<String> all =
        joined(
            joined(options, QUIET),
            List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive));
    run(all, redis, Duration.ZERO);
    if (!Files.exists(archive)) {
      throw new IllegalStateException(archive + " was not written");
    }
    return all;
  }

  private Run run(List<String> options, String redis, Duration idle) throws Exception {
    var command =
        joined(
            joined(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                options),
            List.of("-jar", ProxyProcess.jar().toString(), "serve"));
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("REDIS_URL", redis);
    long start = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader out = process.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.startsWith("Send a request:")) {
        line = out.readLine();
      }
      long serving = System.nanoTime() - start;
      long cpu = process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
      // It must not end: this waits for as long as nothing happens.
      process.waitFor(idle.toMillis(), TimeUnit.MILLISECONDS);
      long resident = resident(process.pid());
      // By its handle, as Process.destroy would also close its output.
      process.toHandle().destroy();
      process.waitFor(120, TimeUnit.SECONDS);
      return new Run(serving, cpu, resident);
    } finally {
      process.destroyForcibly();
    }
  }

  private static long median(List<Run> runs, ToLongFunction<Run> figure) {
    return runs.stream().mapToLong(figure).sorted().skip(runs.size() / 2).findFirst().orElseThrow();
  }

  private static List<String> joined(List<String> first, List<String> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static long resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
