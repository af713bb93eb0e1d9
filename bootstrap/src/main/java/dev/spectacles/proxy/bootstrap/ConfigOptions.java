package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.ConfigLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file; otherwise proxy.toml of the working directory, if any.")
  private @Nullable Path file;

  @Option(
      names = "--broker",
      paramLabel = "TYPE",
      description = "Kind of broker, instead of broker.type.")
  private @Nullable String broker;

  Config load(Surroundings surroundings, ConfigLoader.OptionValue... more) {
    var values = new ArrayList<>(List.of(more));
    if (broker != null) {
      values.add(new ConfigLoader.OptionValue("broker.type", broker, "--broker"));
    }
    return load(surroundings, values);
  }

  private Config load(Surroundings surroundings, List<ConfigLoader.OptionValue> options) {
    var values = options.toArray(ConfigLoader.OptionValue[]::new);
    var loader =
        new ConfigLoader(
            Version.current(),
            surroundings.plugins(),
            surroundings.environment(),
            surroundings.directory());
    return file == null ? loader.load(values) : loader.load(file, values);
  }

  /** The options as they have to be given again to mean the same; empty if none was given. */
  String repeated() {
    return (file == null ? "" : " --config " + file)
        + (broker == null ? "" : " --broker " + broker);
  }
}
