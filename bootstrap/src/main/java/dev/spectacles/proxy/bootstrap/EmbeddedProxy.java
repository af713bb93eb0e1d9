package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.local.LocalBrokerProvider;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.ConfigLoader;
import dev.spectacles.proxy.bootstrap.config.ConfigLoader.OptionValue;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import dev.spectacles.proxy.bootstrap.config.Providers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Proxy in the process of its callers, without a message broker between them.
 *
 * <p>Thread-safe: any number of threads may call at a time. Neither {@code proxy.toml} nor the
 * environment is read.
 */
public final class EmbeddedProxy implements AutoCloseable {
  private static final String TYPE = "local";

  private final ProxyApplication application;
  private final RequestClient client;

  private EmbeddedProxy(ProxyApplication application, RequestClient client) {
    this.application = application;
    this.client = client;
  }

  /**
   * Starts to serve.
   *
   * @param settings by the paths of the configuration's reference, such as {@code discord.egress},
   *     written as in the environment
   * @throws dev.spectacles.proxy.bootstrap.config.ConfigException with every mistake in the
   *     settings
   * @throws LifecycleException if a part could not be started
   */
  public static EmbeddedProxy start(Map<String, String> settings) throws LifecycleException {
    var provider = new LocalBrokerProvider();
    Plugins installed = Plugins.installed();
    var plugins =
        new Plugins(
            Providers.brokers(List.of(provider)), installed.stores(), installed.cacheStores());
    var values = new ArrayList<OptionValue>();
    settings.forEach((path, value) -> values.add(new OptionValue(path, value, "of EmbeddedProxy")));
    if (!settings.containsKey("broker.type")) {
      values.add(new OptionValue("broker.type", TYPE, "of EmbeddedProxy"));
    }
    Config config =
        new ConfigLoader(Version.current(), plugins, Map.of(), Path.of("")).loadOnly(values);
    var clock = new SystemClock();
    var application = new ProxyApplication(config, plugins, clock);
    // A broker in the same process never ends before it.
    application.start(() -> {});
    return new EmbeddedProxy(application, provider.connect(Instances.context(config, clock)));
  }

  /** Way to send requests, closed with the proxy. */
  public RequestClient client() {
    return client;
  }

  /** Stops within {@code drain_timeout}; who is not answered by then gets status 7. */
  @Override
  public void close() {
    client.close();
    application.stop();
  }
}
