package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.ConfigLoader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file; otherwise proxy.toml of the working directory, if any.")
  private @Nullable Path file;

  Config load(Surroundings surroundings, ConfigLoader.OptionValue... values) {
    var loader =
        new ConfigLoader(
            Version.current(),
            surroundings.plugins(),
            surroundings.environment(),
            surroundings.directory());
    return file == null ? loader.load(values) : loader.load(file, values);
  }

  /** The option as it has to be given again to mean the same; empty if it was not given. */
  String repeated() {
    return file == null ? "" : " --config " + file;
  }
}
