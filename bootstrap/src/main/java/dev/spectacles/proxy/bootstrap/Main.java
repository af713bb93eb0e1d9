package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.bootstrap.config.ConfigException;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Entry point of the command line. */
@Command(
    name = "spectacles-proxy",
    description = "Rate-limited, shared access to Discord's REST API over a message broker.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Before MessagePack is used first: its other buffers make newer JDKs print warnings.
    System.setProperty("msgpack.universal-buffer", "true");
    // Before the console is asked for: Java 22 to 24 have one that takes a file for a terminal.
    System.setProperty("jdk.console", "java.base");
    System.exit(run(args));
  }

  private static int run(String[] args) {
    try {
      var surroundings =
          new Surroundings(
              System.getenv(),
              Path.of("").toAbsolutePath(),
              System.in,
              System.out,
              System.err,
              Plugins.installed(),
              new SystemClock(),
              StopRequests.signals());
      return commandLine(surroundings).execute(args);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      return ExitCodes.USAGE;
    }
  }

  static CommandLine commandLine(Surroundings surroundings) {
    var commandLine = new CommandLine(new Main());
    commandLine.addSubcommand(new ServeCommand(surroundings));
    commandLine.addSubcommand(new CallCommand(surroundings));
    commandLine.addSubcommand(new CheckCommand(surroundings));
    commandLine.addSubcommand(CacheCommand.commandLine(surroundings));
    commandLine.addSubcommand(new TopCommand(surroundings, Terminal.ofProcess()));
    // An @FILE is a body here, never a file of arguments.
    commandLine.setExpandAtFiles(false);
    commandLine.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    commandLine.setExecutionExceptionHandler(Main::failed);
    return commandLine;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int failed(Exception e, CommandLine commandLine, CommandLine.ParseResult arguments)
      throws Exception {
    int code =
        switch (e) {
          case ConfigException wrong -> ExitCodes.USAGE;
          case BrokerException unreachable -> ExitCodes.NO_ANSWER;
          case LifecycleException notStarted -> ExitCodes.FAILURE;
          case IOException unusable -> ExitCodes.FAILURE;
          default -> throw e;
        };
    commandLine.getErr().println(e.getMessage());
    return code;
  }

  /** Text of {@code --version}. */
  static final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Spectacles Proxy " + Version.current()};
    }
  }
}
