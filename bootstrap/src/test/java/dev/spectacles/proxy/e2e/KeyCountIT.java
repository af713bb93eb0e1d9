package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What many paths leave behind in Redis and in an instance (I22). */
@Tag("redis")
class KeyCountIT {
  private static final int MOST_KEYS = 5_000;
  private static final long MOST_FIELDS = 5_000;
  private static final int AT_A_TIME = 64;
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private RedisServers.Server redis;
  private FleetStage stage;

  @BeforeEach
  void start() throws InterruptedException {
    redis = RedisServers.embedded().start();
    String url = "redis://" + redis.url();
    stage = new FleetStage(url, url, Map.of("RATELIMIT_GLOBAL", "1000000"));
    stage.instances(2);
    Scenario unlimited =
        Scenarios.unlimited().toBuilder()
            .global(1_000_000, RateModel.FIXED)
            .ledgerCapacity(1_000)
            .build();
    stage.discord().reset(unlimited);
  }

  @AfterEach
  void stop() {
    stage.close();
    redis.close();
  }

  @Test
  void twelveThousandPaths_leaveFewKeys() throws Exception {
    requestPaths(12_000, 200, Duration.ofSeconds(30));
  }

  @Tag("slow")
  @Test
  void millionPaths_leaveFewKeys() throws Exception {
    requestPaths(1_000_000, 1_000, Duration.ofMinutes(10));
  }

  private void requestPaths(int paths, int channels, Duration grace) throws Exception {
    long start = System.nanoTime();
    request(0, paths / 5, channels);
    List<Long> early = heaps();
    request(paths / 5, paths, channels);
    List<Long> late = heaps();
    double seconds = (System.nanoTime() - start) / 1e9;
    long keysAtEnd = keys();

    var deadline = System.nanoTime() + grace.toNanos();
    while (keys() >= MOST_KEYS && System.nanoTime() < deadline) {
      Until.passes(Duration.ofSeconds(1));
    }

    System.out.printf(
        "%d paths over %d channels in %.0f s: %d keys at the end, %d after %.0f s more; largest"
            + " hash %d fields; heap %s KiB after a fifth, %s KiB at the end%n",
        paths,
        channels,
        seconds,
        keysAtEnd,
        keys(),
        (System.nanoTime() - start) / 1e9 - seconds,
        largestHash(),
        early,
        late);
    assertThat(keys()).isLessThan(MOST_KEYS);
    assertThat(largestHash()).isLessThanOrEqualTo(MOST_FIELDS);
    for (int i = 0; i < early.size(); i++) {
      assertThat(late.get(i)).as("heap in KiB").isLessThan(early.get(i) * 3 / 2 + 8 * 1024);
    }
  }

  /** One request to each of these paths, every other one of a kind of its own. */
  private void request(int from, int to, int channels) throws Exception {
    var next = new AtomicInteger(from);
    var tasks = new ArrayList<Future<?>>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_A_TIME; i++) {
        tasks.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < to; n = next.getAndIncrement()) {
                    var request = stage.worker().publish(Worker.get(path(n, n % channels)));
                    assertThat(request.http(60).code()).isEqualTo(200);
                    stage.worker().forget(request);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> task : tasks) {
      task.get();
    }
  }

  private static String path(int number, int channel) {
    return number % 2 == 0
        ? "/channels/%d/messages/%d".formatted(channel, 700_000_000_000_000_000L + number)
        : "/channels/%d/%s".formatted(channel, word(number));
  }

  /** A word of letters, which no rule of routes takes for an id. */
  private static String word(int number) {
    var word = new StringBuilder("w");
    for (int rest = number; rest > 0; rest /= 26) {
      word.append((char) ('a' + rest % 26));
    }
    return word.toString();
  }

  private long keys() {
    return (Long) redis.command("DBSIZE");
  }

  private long largestHash() throws IOException {
    long most = 0;
    try (var connection = new RespConnection(redis.port())) {
      String cursor = "0";
      do {
        var page = (List<?>) connection.command("SCAN", cursor, "TYPE", "hash", "COUNT", 1_000);
        cursor = page.getFirst().toString();
        for (Object key : (List<?>) page.get(1)) {
          most = Math.max(most, (Long) connection.command("HLEN", key));
        }
      } while (!cursor.equals("0"));
    }
    return most;
  }

  /** Live heap of each instance, in KiB. */
  private List<Long> heaps() throws Exception {
    var heaps = new ArrayList<Long>();
    for (int i = 0; i < stage.fleet().size(); i++) {
      long pid = stage.fleet().instance(i).pid();
      jcmd(pid, "GC.run");
      Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
      long sum = 0;
      // Young and old generation; what follows is no heap.
      for (int generation = 0; generation < 2 && used.find(); generation++) {
        sum += Long.parseLong(used.group(1));
      }
      heaps.add(sum);
    }
    return heaps;
  }

  private static String jcmd(long pid, String command) throws Exception {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(program, Long.toString(pid), command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("jcmd " + command + ": " + output);
    }
    return output;
  }
}
