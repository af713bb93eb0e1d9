package dev.spectacles.proxy.bootstrap;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows in a terminal what the status page of a serving proxy shows. */
@Command(
    name = "top",
    description = {
      "Shows what a serving proxy does and how it is, anew each second: what its status page"
          + " shows.",
      "Asks the address where its metrics are, so the proxy needs metrics.addr. Ctrl-C ends it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It was shown.",
      "2:Wrong usage or configuration, or the metrics are off.",
      "3:Nobody answers there, or something else than a proxy."
    })
final class TopCommand implements Callable<Integer> {
  private static final String DATA = "status.json";
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int PATIENCE_MILLIS = 3_000;
  private static final String BEGIN = "\u001b[?1049h\u001b[?25l";
  private static final String END = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String REST_OF_LINE = "\u001b[K\r\n";
  private static final String REST_OF_SCREEN = "\u001b[J";
  private static final JsonMapper JSON = new JsonMapper();

  private final Surroundings surroundings;
  private final Terminal terminal;
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Where the proxy's metrics are, such as http://10.0.0.7:3000, instead of metrics.addr.")
  private @Nullable String url;

  @Option(
      names = "--once",
      description = "Print it once and end; that is so as well where there is no terminal.")
  private boolean once;

  /** What came of asking. */
  private sealed interface Look {
    record Seen(JsonNode status) implements Look {}

    record Failed(String why) implements Look {}
  }

  TopCommand(Surroundings surroundings, Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    URI address = address();
    return switch (look(address)) {
      case Look.Failed(String why) -> {
        surroundings
            .err()
            .printf("No status from %s: %s. Does a proxy serve its metrics there?%n", address, why);
        yield ExitCodes.NO_ANSWER;
      }
      case Look.Seen(JsonNode status) -> {
        if (once || !terminal.isThere()) {
          var out = spec.commandLine().getOut();
          TopScreen.lines(status, Integer.MAX_VALUE, false).forEach(out::println);
        } else {
          watch(address, status);
        }
        yield ExitCodes.OK;
      }
    };
  }

  private void watch(URI address, JsonNode first) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Runnable leave =
        () -> {
          out.print(END);
          out.flush();
        };
    out.print(BEGIN);
    var listening = surroundings.stopRequests().listen(leave);
    try {
      JsonNode shown = first;
      long seenAt = surroundings.clock().nanoTime();
      Optional<String> trouble = Optional.empty();
      while (!Thread.currentThread().isInterrupted()) {
        draw(out, shown, trouble);
        surroundings.clock().sleep(INTERVAL);
        switch (look(address)) {
          case Look.Seen(JsonNode status) -> {
            shown = status;
            seenAt = surroundings.clock().nanoTime();
            trouble = Optional.empty();
          }
          case Look.Failed(String why) -> {
            double age = (surroundings.clock().nanoTime() - seenAt) / 1e6;
            trouble =
                Optional.of(
                    "CONNECTION LOST (%s); shown is what was %s ago"
                        .formatted(why, TopFormat.span(age)));
          }
        }
      }
    } finally {
      listening.close();
      leave.run();
    }
  }

  private void draw(PrintWriter out, JsonNode status, Optional<String> trouble)
      throws InterruptedException {
    Terminal.Size size = terminal.size();
    boolean colours = surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
    var frame = new StringBuilder(HOME);
    trouble.ifPresent(
        text -> frame.append("\u001b[7m").append(text).append("\u001b[0m").append(REST_OF_LINE));
    List<String> lines = TopScreen.lines(status, size.columns(), colours);
    // The last line of the terminal stays free, so that it does not scroll.
    int room = Math.max(1, size.rows() - 1 - (trouble.isPresent() ? 1 : 0));
    lines.stream().limit(room).forEach(line -> frame.append(line).append(REST_OF_LINE));
    out.print(frame.append(REST_OF_SCREEN));
    out.flush();
  }

  private static Look look(URI address) {
    try {
      var connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        return new Look.Failed("HTTP " + connection.getResponseCode());
      }
      try (InputStream body = connection.getInputStream()) {
        JsonNode status = JSON.readTree(body);
        return status.path("instance").isObject()
            ? new Look.Seen(status)
            : new Look.Failed("what answers there is no proxy");
      }
    } catch (JacksonException e) {
      return new Look.Failed("what answers there is no proxy");
    } catch (IOException e) {
      return new Look.Failed(String.valueOf(e.getMessage()));
    }
  }

  private URI address() {
    if (url != null) {
      return of(url);
    }
    Config config = options.load(surroundings);
    ListenAddress metrics =
        config
            .metrics()
            .map(Config.Metrics::address)
            .orElseThrow(
                () ->
                    usage(
                        "metrics.addr: not set, the proxy of this configuration shows nothing"
                            + " (expected: an address such as 127.0.0.1:3000, or --url)"));
    if (metrics.port() == 0) {
      throw usage("metrics.addr: " + metrics + " (expected: a port of its own, or --url)");
    }
    String host =
        switch (metrics.host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> metrics.host().contains(":") ? "[" + metrics.host() + "]" : metrics.host();
        };
    return of("http://" + host + ":" + metrics.port());
  }

  private URI of(String root) {
    try {
      URI address = URI.create(root.endsWith("/") ? root : root + "/");
      if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
        return address.resolve(DATA);
      }
    } catch (IllegalArgumentException notOne) {
      throw noUrl();
    }
    throw noUrl();
  }

  private ParameterException noUrl() {
    return usage("--url: no URL (expected: one such as http://127.0.0.1:3000)");
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
