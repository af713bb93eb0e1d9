package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.domain.text.HumanDuration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends one request through the broker, as any client would, and prints the answer. */
@Command(
    name = "call",
    description = "Sends one request through the broker, as any client would.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Discord answered with success.",
      "2:Wrong usage or configuration.",
      "3:No answer came, or the broker cannot be reached.",
      "4:Discord answered with an HTTP status of 400 or above.",
      "5:The proxy answered with a status of 1 to 8."
    },
    footer = {
      "",
      "Example:",
      "  spectacles-proxy call POST /channels/1234/messages --token-env DISCORD_TOKEN"
          + " -d '{\"content\":\"hi\"}'"
    })
final class CallCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "METHOD", description = "HTTP method, such as GET.")
  private String method = "";

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "Path below the API's version, such as /users/@me.")
  private String path = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "Header to send; may be given repeatedly.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = {"-q", "--query"},
      paramLabel = "NAME=VALUE",
      description = "Query parameter to send; may be given repeatedly.")
  private List<String> query = new ArrayList<>();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "DATA",
      description =
          "Body to send, @FILE for a file's content, or @- for standard input. A JSON object or"
              + " list gets its content type if no header sets one.")
  private @Nullable String data;

  @Option(
      names = "--token-env",
      paramLabel = "NAME",
      description =
          "Environment variable whose value is sent as Authorization; \"Bot \" is put before a"
              + " value that names no scheme.")
  private @Nullable String tokenVariable;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long to wait for the answer. Default: ${DEFAULT-VALUE}.")
  private String timeout = "30s";

  @Option(names = "--raw", description = "Print the bytes of the answer's body and nothing else.")
  private boolean raw;

  CallCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    BrokerCall.Patience patience = new BrokerCall.Patience(patience(), timeout);
    RequestClient.Call request = request();
    return new BrokerCall(surroundings, options.load(surroundings)).run(request, patience, raw);
  }

  private RequestClient.Call request() throws IOException {
    try {
      return CallArguments.request(
          method,
          path,
          query,
          headers,
          Optional.ofNullable(data),
          Optional.ofNullable(tokenVariable),
          surroundings);
    } catch (CallArguments.WrongArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private Duration patience() {
    try {
      return HumanDuration.parse(timeout)
          .filter(Duration::isPositive)
          .orElseThrow(() -> usage("--timeout: " + timeout + " (expected: above zero)"));
    } catch (IllegalArgumentException e) {
      throw usage("--timeout: " + e.getMessage());
    }
  }

  private CommandLine.ParameterException usage(@Nullable String message) {
    return new CommandLine.ParameterException(spec.commandLine(), String.valueOf(message));
  }
}
