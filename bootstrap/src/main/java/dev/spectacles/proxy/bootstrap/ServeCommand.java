package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves requests until the process is told to stop. */
@Command(
    name = "serve",
    description = "Takes requests off the broker and answers them, until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Told to stop.",
      "1:A part could not be started.",
      "2:Wrong usage or configuration."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private final Surroundings surroundings;
  @Mixin private ConfigOptions options = new ConfigOptions();

  ServeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws LifecycleException, InterruptedException {
    Config config = options.load(surroundings);
    LogLevels.apply(config.logLevel());
    config.notes().forEach(LOG::info);
    var provider = surroundings.brokers().ofType(config.broker().type());
    var application = new ProxyApplication(config, provider, surroundings.clock());
    var stopped = new CountDownLatch(1);
    Runnable stop =
        () -> {
          application.stop();
          stopped.countDown();
        };
    var listening = surroundings.stopRequests().listen(stop);
    try {
      application.start();
      Greeting.lines(config, options.repeated()).forEach(surroundings.out()::println);
      stopped.await();
    } finally {
      listening.close();
    }
    return ExitCodes.OK;
  }
}
