package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what a proxy has stored, or makes it invalid; asked through the broker. */
@Command(
    name = "cache",
    description = "Shows what a serving proxy has stored, or makes it invalid.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND")
final class CacheCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command with those below it. */
  static CommandLine commandLine(Surroundings surroundings) {
    return new CommandLine(new CacheCommand())
        .addSubcommand(new Stats(surroundings))
        .addSubcommand(new Purge(surroundings));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int ask(
      Surroundings surroundings,
      ConfigOptions options,
      String method,
      String path,
      Map<String, String> query)
      throws IOException, InterruptedException {
    var patience = new BrokerCall.Patience(Duration.ofSeconds(10), "10s");
    var request = new RequestClient.Call(method, path, query, Map.of(), Optional.empty());
    return new BrokerCall(surroundings, options.load(surroundings)).run(request, patience, false);
  }

  /** What one instance holds. */
  @Command(
      name = "stats",
      description =
          "Shows how many answers the proxy that gets this request holds, and how many GETs it"
              + " answered from where.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.VersionText.class)
  private static final class Stats implements Callable<Integer> {
    private final Surroundings surroundings;
    @Mixin private ConfigOptions options = new ConfigOptions();

    Stats(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      return ask(surroundings, options, "GET", "/@cache/stats", Map.of());
    }
  }

  /** Makes stored answers invalid. */
  @Command(
      name = "purge",
      description =
          "Makes all stored answers invalid, for every instance that shares its limits with the"
              + " one that gets this request.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.VersionText.class)
  private static final class Purge implements Callable<Integer> {
    private final Surroundings surroundings;
    @Mixin private ConfigOptions options = new ConfigOptions();

    @ArgGroup private Only only = new Only();

    Purge(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      Map<String, String> query = only.path == null ? Map.of() : Map.of("path", only.path);
      String what =
          only.guild != null
              ? "guilds/" + only.guild
              : only.user != null ? "users/" + only.user : "rest";
      return ask(surroundings, options, "DELETE", "/@cache/" + what, query);
    }
  }

  /** One of what there is besides all answers. */
  private static final class Only {
    @Option(
        names = "--path",
        paramLabel = "PATH",
        description =
            "Only answers to this path, such as /guilds/1234/roles, whatever the query and the"
                + " credentials.")
    private @Nullable String path;

    @Option(
        names = "--guild",
        paramLabel = "ID",
        description = "Not answers, but all that the gateway told of this guild.")
    private @Nullable Long guild;

    @Option(
        names = "--user",
        paramLabel = "ID",
        description =
            "Not answers, but what the gateway told of this user: member, presence and voice state"
                + " in every guild.")
    private @Nullable Long user;
  }
}
