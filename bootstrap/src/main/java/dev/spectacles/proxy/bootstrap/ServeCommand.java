package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.ConfigLoader.OptionValue;
import dev.spectacles.proxy.bootstrap.config.Origin;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves requests until the process is told to stop. */
@Command(
    name = "serve",
    description =
        "Takes requests off the broker and answers them, until SIGTERM or SIGINT, or until the end"
            + " of input where they come over standard input.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Told to stop, or at the end of its input.",
      "1:A part could not be started.",
      "2:Wrong usage or configuration."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private static final int REDIS_PORT = 6379;

  private final Surroundings surroundings;
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--embedded",
      description =
          "Start a Redis server on loopback and use it instead of redis.url: for a first try. It"
              + " keeps nothing on disk and ends with the proxy.")
  private boolean embedded;

  ServeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws LifecycleException, InterruptedException, IOException {
    Config config = options.load(surroundings);
    LogLevels.apply(config.logLevel());
    LogFormats.apply(config.logFormat());
    if (!embedded) {
      return serve(config, "", () -> {});
    }
    if (!config.broker().type().equals("redis")) {
      throw new ParameterException(
          spec.commandLine(),
          "--embedded: with broker.type " + config.broker().type() + " (expected: redis)");
    }
    try (EmbeddedRedis redis = EmbeddedRedis.start(REDIS_PORT)) {
      var address = new OptionValue("redis.url", redis.url(), "--embedded");
      boolean known = redis.port() == REDIS_PORT && isDefault(config, address.path());
      return serve(
          options.load(surroundings, address),
          known ? "" : "REDIS_URL=" + redis.url() + " ",
          redis::close);
    }
  }

  private static boolean isDefault(Config config, String path) {
    return config.values().stream()
        .anyMatch(value -> value.path().equals(path) && value.origin() instanceof Origin.Default);
  }

  private int serve(Config config, String callEnvironment, Runnable atTheEnd)
      throws LifecycleException, InterruptedException {
    config.notes().forEach(LOG::info);
    var provider = surroundings.plugins().brokers().ofType(config.broker().type());
    var application = new ProxyApplication(config, surroundings.plugins(), surroundings.clock());
    var over = new CountDownLatch(1);
    Runnable stop =
        () -> {
          application.stop();
          atTheEnd.run();
          over.countDown();
        };
    var listening = surroundings.stopRequests().listen(stop);
    try {
      application.start(over::countDown);
      greet(config, provider, callEnvironment);
      over.await();
      // Where the broker ended by itself; otherwise that is done or under way.
      application.stop();
    } finally {
      listening.close();
    }
    return ExitCodes.OK;
  }

  private void greet(Config config, BrokerProvider provider, String callEnvironment) {
    if (config.logFormat() == Config.LogFormat.JSON) {
      // Nobody reads along, and whatever reads expects objects; the log says the same.
      return;
    }
    ConfigSection section = config.broker().section();
    BrokerProvider.Reach reach = provider.reach(section);
    Optional<String> call =
        reach == BrokerProvider.Reach.OTHERS
            ? Optional.of(
                callEnvironment
                    + CallEnvironment.of(config)
                    + "./spectacles-proxy call"
                    + options.repeated())
            : Optional.empty();
    boolean answersOnly = reach == BrokerProvider.Reach.STANDARD_STREAMS;
    PrintStream out = answersOnly ? surroundings.err() : surroundings.out();
    String answers = Greeting.answers(config.cache().rest(), surroundings.plugins());
    Greeting.lines(config, provider.describe(section), answers, call).forEach(out::println);
  }
}
