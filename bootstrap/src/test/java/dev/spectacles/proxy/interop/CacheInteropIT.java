package dev.spectacles.proxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spectacles.proxy.adapter.redis.InstantResponder;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.ProxyProcess;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Repeated GETs of the client of spectacles.js, unchanged, over a real Redis: Discord is asked
 * once, no answer is lost, and an answer from memory takes at most {@value #MOST_TIMES} times as
 * long as one by who answers without thinking.
 */
@Tag("interop")
class CacheInteropIT {
  private static final double MOST_TIMES = 1.5;
  private static final String PATH = "/guilds/1/roles";
  private static final String WARM_UP_PATH = "/guilds/2/roles";
  private static final String RIVAL = "RIVAL";
  private static final int WARM_UP = 1_000;
  private static final int BLOCKS = 5;
  private static final int PER_BLOCK = 200;

  /** Requests of one party, asked one after the other. */
  private record Block(String who, int asked, int lost, int odd, double p50, double p99) {
    static Block of(JsonNode line) {
      return new Block(
          line.path("who").asText(),
          line.path("asked").asInt(),
          line.path("lost").asInt(),
          line.path("odd").asInt(),
          line.path("p50").asDouble(),
          line.path("p99").asDouble());
    }
  }

  @BeforeAll
  static void requireNode() throws InterruptedException {
    NodeProject.require("The cache with the JavaScript client");
  }

  @Test
  void repeatedGet_costsOneRequestAndLittleTime() throws IOException, InterruptedException {
    NodeProject project = NodeProject.install();
    int metrics = RedisServers.freePort();
    try (var redis = RedisServers.embedded().start();
        var rival = new InstantResponder(redis.port(), RIVAL, answer());
        var discord = SimulatorProcess.start(Scenarios.unlimited())) {
      Map<String, String> settings = ProxyProcess.caching(redis.url(), discord.apiUrl());
      settings.put("METRICS_ADDR", "127.0.0.1:" + metrics);
      // As long as the run: what is measured is what comes from memory.
      try (var proxy =
          ProxyProcess.start(
              settings, "[cache.rest.ttl]\n\"/guilds/{guild_id}/roles\" = \"10min\"")) {
        List<Block> blocks = ask(project, "redis://" + redis.url());

        assertThat(blocks).allMatch(block -> block.lost() == 0 && block.odd() == 0);
        assertThat(discord.ledger().stream().map(LedgerEntry::path))
            .as(proxy.output())
            .filteredOn(path -> path.endsWith(PATH))
            .hasSize(1);
        assertThat(metrics(metrics))
            .contains("proxy_requests_total{method=\"GET\",path=\"/guilds/:id/roles\"} 2.0")
            .contains("proxy_replies_lost_total 0.0");
        assertThat(rival.taken()).isEqualTo(WARM_UP + BLOCKS * PER_BLOCK);
        checkTimes(of("proxy", blocks), of("rival", blocks));
      }
    }
  }

  private static void checkTimes(List<Block> proxy, List<Block> rival) {
    for (int block = 1; block <= BLOCKS; block++) {
      print("block " + block, proxy.get(block), rival.get(block));
    }
    double ours = median(proxy);
    double theirs = median(rival);
    System.out.printf("p50, median of %d blocks: %.2f times the rival's%n", BLOCKS, ours / theirs);
    assertThat(ours).as("p50 in ms").isLessThanOrEqualTo(MOST_TIMES * theirs);
  }

  private static void print(String what, Block proxy, Block rival) {
    System.out.printf(
        "%s: proxy p50 %.2f ms, p99 %.2f ms; rival p50 %.2f ms, p99 %.2f ms%n",
        what, proxy.p50(), proxy.p99(), rival.p50(), rival.p99());
  }

  /** Without the warm-up. */
  private static double median(List<Block> blocks) {
    return blocks.stream().skip(1).mapToDouble(Block::p50).sorted().toArray()[BLOCKS / 2];
  }

  private static List<Block> of(String who, List<Block> blocks) {
    return blocks.stream().filter(block -> block.who().equals(who)).toList();
  }

  private static List<Block> ask(NodeProject project, String redisUrl)
      throws IOException, InterruptedException {
    var json = new JsonMapper();
    var blocks = new ArrayList<Block>();
    for (String line :
        project.run(
            "cache.cjs",
            Map.of(),
            List.of(
                "redis",
                redisUrl,
                RIVAL,
                WARM_UP_PATH,
                "" + WARM_UP,
                PATH,
                "" + BLOCKS,
                "" + PER_BLOCK))) {
      blocks.add(Block.of(json.readTree(line)));
    }
    return blocks;
  }

  /** Of the kind that the proxy gives when it is asked again. */
  private static byte[] answer() {
    var headers =
        Headers.of(
            Map.of(
                "content-type", "application/json",
                "date", "Sun, 22 Nov 2026 17:00:00 GMT",
                "via", "1.1 google",
                "age", "7",
                "cache-status", "spectacles; hit; ttl=593; detail=rest"));
    String body =
        "{\"id\": \"1\", \"method\": \"GET\", \"path\": \"/guilds/1/roles\", \"query\": \"\","
            + " \"length\": 0, \"nonce\": \"\"}";
    return ResponseCodec.encode(
        new ProxyResponse.Http(
            200, headers, "http://127.0.0.1:12345/api/v10" + PATH, Body.of(body)));
  }

  private static String metrics(int port) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
