package dev.spectacles.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.bootstrap.EmbeddedProxy;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.HiddenLimit;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.server.SimulatorServer;
import dev.spectacles.proxy.status.Tab.Scheme;
import dev.spectacles.proxy.testing.Eventually;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One proxy from its start to its end, as the page shows it: idle, saturated, calm again, degraded,
 * gone. The images are in {@code target/status}; those in {@code docs} were made by it.
 */
@Tag("redis")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatusPageIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path IMAGES = Path.of("target", "status");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int DESKTOP = 1100;
  private static final int PHONE = 360;

  /** How long the sparkline gets before it is looked at. */
  private static final Duration BUILD_UP = Duration.ofSeconds(Long.getLong("status.seconds", 3));

  /** How long more comes than the limits let through. */
  private static final Duration CROWD = Duration.ofSeconds(4);

  private static final String BOT = "Bot c2VjcmV0LW9mLWEtYm90.markme.not-to-be-seen";
  private static final String OTHER_BOT = "Bot YW5vdGhlci1vbmUtbW9yZQ.markme.not-to-be-seen";
  private static final String HOOK = "markme-token-of-a-webhook-not-to-be-seen-anywhere-at-all-000";

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, Integer> codes = new HashMap<>();
  private SimulatorServer discord;
  private EmbeddedRedis redis;
  private EmbeddedProxy proxy;
  private EmbeddedProxy neighbour;
  private URI url;
  private Browser browser;
  private Tab tab;
  private boolean redisClosed;
  private boolean proxyClosed;

  @BeforeAll
  void start() throws Exception {
    Browser.require("The status page in a browser");
    discord = SimulatorServer.start(scenario());
    redis = EmbeddedRedis.start();
    int port = freePort();
    url = URI.create("http://127.0.0.1:" + port + "/");
    var settings =
        new HashMap<>(
            Map.of(
                "discord.api_url",
                discord.apiUrl().toString(),
                "redis.url",
                redis.url(),
                "ratelimit.store",
                "redis",
                "drain_timeout",
                "3s"));
    neighbour = EmbeddedProxy.start(settings);
    settings.put("metrics.addr", "127.0.0.1:" + port);
    proxy = EmbeddedProxy.start(settings);
    browser = Browser.start();
    tab = browser.tab();
  }

  @AfterAll
  void stop() throws Exception {
    if (browser == null) {
      return;
    }
    tab.close();
    browser.close();
    callers.shutdownNow();
    if (!proxyClosed) {
      proxy.close();
    }
    neighbour.close();
    if (!redisClosed) {
      redis.close();
    }
    discord.close();
    http.shutdownNow();
  }

  @Order(1)
  @Test
  void idle() throws Exception {
    tab.show(url, DESKTOP, 900, Scheme.LIGHT);
    awaitWord("Idle");

    assertThat(tab.text("link-text")).isEqualTo("Live");
    assertThat(tab.text("rate")).isEqualTo("0");
    assertThat(tab.text("waiting")).isEqualTo("0");
    assertThat(tab.text("buckets-empty")).isEqualTo("Nothing waits.");
    assertThat(tab.text("invalid")).isEqualTo("0");
    assertThat(tab.text("limited")).isEqualTo("None");
    Eventually.holds(
        "both instances are seen",
        () -> part("Rate limits").equals("Rate limits redis Shared 2 instances"));
    assertThat(part("Broker")).startsWith("Broker local Connected");
    looksGood("idle");
  }

  @Order(2)
  @Test
  void saturated() throws Exception {
    var calls = new ArrayList<Future<Integer>>();
    long end = System.nanoTime() + BUILD_UP.toNanos();
    for (int round = 0; round == 0 || System.nanoTime() - end < 0; round++) {
      calls.addAll(oneRound(round, end - System.nanoTime() < CROWD.toNanos()));
      Eventually.holds("a round of calls takes part of a second", pause(Duration.ofMillis(400)));
    }
    // Together: on a busy machine Redis may seem to be away for a moment.
    Eventually.holds(
        "the page says what there is too much of",
        () ->
            tab.text("word").equals("Saturated")
                && tab.text("reasons")
                    .startsWith(
                        "More comes than Discord's limits let through: the oldest request has"
                            + " waited")
                && Stream.of("POST /channels/:id/messages", "channels/1 ", " of 5 used", "caller ")
                    .allMatch(tab.text("bucket-rows")::contains)
                && Integer.parseInt(tab.text("waiting")) > 0
                && Double.parseDouble(tab.text("rate")) > 0);
    looksGood("saturated");

    for (Future<Integer> call : calls) {
      codes.merge(call.get(), 1, Integer::sum);
    }
  }

  /** What the page says of the load is what the callers got, and what Discord saw. */
  @Order(3)
  @Test
  void figures_afterTheLoad_areThoseOfCallersAndDiscord() throws Exception {
    Eventually.holds("nothing waits", () -> tab.text("waiting").equals("0"));
    Eventually.holds("nothing is held", () -> tab.text("held").equals("0"));
    var report = discord.report();
    JsonNode status = status();

    if (BUILD_UP.toSeconds() < 20) {
      JsonNode answers = status.path("traffic").path("answers");
      assertThat(answers.path("2xx").asInt())
          .isEqualTo(codes.getOrDefault(200, 0) + codes.getOrDefault(204, 0));
      assertThat(answers.path("4xx").asInt()).isEqualTo(codes.getOrDefault(403, 0));
      assertThat(answers.path("5xx").asInt()).isZero();
      assertThat(tab.text("answers"))
          .isEqualTo(grouped(codes.values().stream().mapToInt(n -> n).sum()));
      JsonNode sources = status.path("cache").path("answers");
      assertThat(sources.path("origin").asLong())
          .as("GETs that Discord answered")
          .isEqualTo(
              discord.ledger().stream()
                  .filter(entry -> entry.method().equals("GET") && !entry.decision().limited())
                  .count());
      assertThat(sources.path("coalesced").asLong() + sources.path("rest").asLong()).isPositive();
    }
    assertThat(status.path("limits").path("limited").path("sublimit").asLong())
        .as("429s of the limit that no bucket shows")
        .isEqualTo(report.limited())
        .isPositive();
    assertThat(tab.text("limited")).isEqualTo(grouped(report.limited()));
    assertThat(status.path("invalid").path("count").asLong())
        .isEqualTo(report.limited() + report.count(Decision.FORBIDDEN));
    assertThat(tab.text("invalid"))
        .isEqualTo(grouped(status.path("invalid").path("count").asLong()));
  }

  @Order(4)
  @Test
  void token_isNowhere() throws Exception {
    String shown = tab.evaluate("document.documentElement.outerHTML").asText();

    assertThat(shown + get("status.json")).doesNotContain("markme").doesNotContain("YW5vdGhl");
  }

  @Order(5)
  @Test
  void degraded() throws Exception {
    List<Future<Integer>> before = oneRound(1_000, true);
    redis.close();
    redisClosed = true;
    awaitWord("Degraded");
    before.addAll(oneRound(1_001, true));

    assertThat(tab.text("reasons")).contains("goes on with its part of each limit.");
    assertThat(part("Rate limits"))
        .contains("Degraded")
        .contains("no answer for")
        .contains("this one goes on with its part");
    Eventually.holds("it serves meanwhile", () -> !tab.text("rate").equals("0"));
    looksGood("degraded");
    before.forEach(call -> call.cancel(true));
  }

  @Order(6)
  @Test
  void gone_isSaid() throws Exception {
    proxy.close();
    proxyClosed = true;
    Eventually.holds("the page says so", () -> tab.text("link-text").equals("Connection lost"));
    tab.screenshot(IMAGES.resolve("lost.png"));

    assertThat(tab.text("link-age")).matches("· shown is what was .+ ago");
    assertThat(tab.evaluate("document.title").asText()).startsWith("Connection lost");
    legible("lost");
  }

  /** In both colour schemes, on a desk and on a phone. */
  private void looksGood(String name) throws InterruptedException {
    for (Scheme scheme : Scheme.values()) {
      for (int width : List.of(DESKTOP, PHONE)) {
        tab.resize(width, 900, scheme);
        String view =
            name + (width == PHONE ? "-phone" : "") + (scheme == Scheme.DARK ? "-dark" : "");
        tab.screenshot(IMAGES.resolve(view + ".png"));
        fits(view, width);
        legible(view);
      }
    }
    tab.resize(DESKTOP, 900, Scheme.LIGHT);
    assertThat(tab.complaints()).as("errors of the page").isEmpty();
  }

  private void fits(String view, int width) throws InterruptedException {
    assertThat(tab.evaluate("document.scrollingElement.scrollWidth").asInt())
        .as("%s: width", view)
        .isLessThanOrEqualTo(width);
    JsonNode outside =
        tab.evaluate(
            """
            [...document.querySelectorAll('body *')].filter(node => {
              const box = node.getBoundingClientRect();
              return !node.closest('.quiet, thead') && box.width > 0
                && (box.right > innerWidth + 0.5 || box.left < -0.5 || node.scrollWidth > node.clientWidth + 1
                    && getComputedStyle(node).display !== 'inline' && !node.closest('svg'));
            }).map(node => node.tagName + '.' + node.className + '#' + node.id)
            """);
    assertThat(outside).as("%s: what does not fit", view).isEmpty();
  }

  /** WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 where letters are large. */
  private void legible(String view) throws InterruptedException {
    JsonNode pale =
        tab.evaluate(
            """
            (() => {
              const rgb = css => (css.match(/[\\d.]+/g) || []).map(Number);
              const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = node => {
                for (let at = node; at; at = at.parentElement) {
                  const c = rgb(getComputedStyle(at).backgroundColor);
                  if (c.length === 3 || c[3] === 1) return c;
                }
                return [255, 255, 255];
              };
              return [...document.querySelectorAll('body *')].filter(node =>
                  [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())
                  && !node.closest('script, style, [hidden]') && node.getClientRects().length)
                .map(node => {
                  const style = getComputedStyle(node);
                  const [a, b] = [light(rgb(style.color)), light(behind(node))];
                  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                  const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
                  return { ratio, enough: ratio >= (large ? 3 : 4.5), what: node.tagName + '#' + node.id + ' ' + node.textContent.slice(0, 20) };
                }).filter(found => !found.enough).map(found => found.what + ': ' + found.ratio.toFixed(2));
            })()
            """);
    assertThat(pale).as("%s: contrast", view).isEmpty();
  }

  /**
   * Calls of all kinds.
   *
   * @param more whether they are more than the limits let through
   */
  private List<Future<Integer>> oneRound(int round, boolean more) {
    var calls = new ArrayList<Future<Integer>>();
    for (int i = 0; i < (more ? 3 : round % 5 == 0 ? 1 : 0); i++) {
      calls.add(call(BOT, "POST", "/channels/1/messages"));
      calls.add(call(BOT, "PATCH", "/channels/3"));
    }
    for (int i = 0; i < (more ? 6 : 2 + Math.round(Math.sin(round / 15.0))); i++) {
      calls.add(call(OTHER_BOT, "PUT", "/channels/2/pins/" + i));
      calls.add(call(BOT, "GET", "/guilds/1/roles"));
    }
    calls.add(call(BOT, "POST", "/webhooks/4/" + HOOK));
    if (round % 4 == 0 || more) {
      calls.add(call(BOT, "PUT", "/guilds/1/bans/10000000000000000" + round % 10));
    }
    if (round < 4) {
      calls.add(call(BOT, "GET", "/guilds/9/hidden"));
      calls.add(call(OTHER_BOT, "GET", "/guilds/9/forbidden"));
    }
    return calls;
  }

  private Future<Integer> call(String bot, String method, String path) {
    Optional<byte[]> body =
        method.equals("GET") ? Optional.empty() : Optional.of("{\"a\":1}".getBytes());
    var call =
        new Call(
            method,
            path,
            Map.of(),
            body.isPresent()
                ? Map.of("Authorization", bot, "Content-Type", "application/json")
                : Map.of("Authorization", bot),
            body);
    return callers.submit(
        () ->
            proxy.client().call(call, SOON).orElseThrow() instanceof ProxyResponse.Http answer
                ? answer.code()
                : 0);
  }

  private void awaitWord(String word) throws Exception {
    Eventually.holds("the page says " + word, () -> tab.text("word").equals(word));
  }

  private String part(String name) throws InterruptedException {
    return tab.evaluate(
            """
            [...document.querySelectorAll('#parts > div')].map(row => row.innerText.replace(/\\s+/g, ' '))
              .find(row => row.startsWith('%s')) ?? ''
            """
                .formatted(name))
        .asText();
  }

  private JsonNode status() throws IOException, InterruptedException {
    return JSON.readTree(get("status.json"));
  }

  private String get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString())
        .body();
  }

  private static java.util.concurrent.Callable<Boolean> pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> System.nanoTime() - end > 0;
  }

  private static String grouped(long number) {
    return String.format(java.util.Locale.ROOT, "%,d", number);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Scenario scenario() {
    return Scenario.builder("status")
        .global(50, RateModel.FIXED)
        .route(
            "POST /channels/{channel_id}/messages",
            "messages",
            Rate.sliding(5, Duration.ofSeconds(2)))
        .route(
            "PUT /channels/{channel_id}/pins/{message_id}",
            "pins",
            Rate.fixed(10, Duration.ofSeconds(1)))
        .route("PATCH /channels/{channel_id}", "channel", Rate.fixed(5, Duration.ofSeconds(2)))
        .route(
            "PUT /guilds/{guild_id}/bans/{user_id}", "bans", Rate.fixed(1, Duration.ofSeconds(1)))
        .route(
            "POST /webhooks/{webhook_id}/{webhook_token}",
            "hook",
            Rate.sliding(5, Duration.ofSeconds(2)))
        .route("GET /guilds/{guild_id}/hidden", "open", Rate.fixed(20, Duration.ofSeconds(1)))
        .hidden(
            "GET /guilds/{guild_id}/hidden",
            HiddenLimit.perToken(
                "hidden", Rate.fixed(2, Duration.ofSeconds(1)), HiddenLimit.When.ALWAYS))
        .webhook("4", "40")
        .at(
            Duration.ZERO,
            new Change.Forbid(RoutePattern.parse("GET /guilds/{guild_id}/forbidden"), true))
        .build();
  }
}
