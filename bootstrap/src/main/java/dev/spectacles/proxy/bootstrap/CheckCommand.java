package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.EffectiveValue;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the configuration that holds, or what is wrong with it. */
@Command(
    name = "check",
    description = {
      "Prints every configuration key with its value and where the value comes from; secrets are"
          + " masked.",
      "With mistakes in the configuration, prints all of them instead."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:The configuration is right.", "2:It has mistakes."})
final class CheckCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ConfigOptions options = new ConfigOptions();

  CheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Config config = options.load(surroundings);
    var out = surroundings.out();
    int pathWidth = width(config.values(), EffectiveValue::path);
    int valueWidth = width(config.values(), CheckCommand::shown);
    String format = "%-" + pathWidth + "s  %-" + valueWidth + "s  %s%n";
    out.printf(format, "KEY", "VALUE", "ORIGIN");
    for (EffectiveValue value : config.values()) {
      out.printf(format, value.path(), shown(value), value.origin());
    }
    String broker =
        surroundings
            .plugins()
            .brokers()
            .ofType(config.broker().type())
            .describe(config.broker().section());
    out.println("Broker: " + config.broker().type() + " " + broker);
    out.println("Answers: " + answers(config.cache().rest()));
    config.notes().forEach(note -> out.println("Note: " + note));
    return ExitCodes.OK;
  }

  private String answers(Config.Cache.Rest rest) {
    if (!rest.enabled()) {
      return "not kept";
    }
    var store = surroundings.plugins().cacheStores().ofType(rest.store());
    return rest.store() + " " + store.describe(rest.section());
  }

  private static String shown(EffectiveValue value) {
    return value.shown().isEmpty() ? "(none)" : value.shown();
  }

  private static int width(List<EffectiveValue> values, Function<EffectiveValue, String> column) {
    return values.stream().map(column).mapToInt(String::length).max().orElse(1);
  }
}
