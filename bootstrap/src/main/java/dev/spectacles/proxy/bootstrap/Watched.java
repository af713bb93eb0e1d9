package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.metrics.MetricsServer;
import dev.spectacles.proxy.adapter.metrics.Page;
import dev.spectacles.proxy.adapter.metrics.PrometheusProxyEvents;
import dev.spectacles.proxy.adapter.metrics.PrometheusVitals;
import dev.spectacles.proxy.adapter.metrics.StatusPages;
import dev.spectacles.proxy.application.port.in.CheckReadiness;
import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.service.BrokerWatch;
import dev.spectacles.proxy.application.service.EgressGuard;
import dev.spectacles.proxy.application.service.LookAtProxyService;
import dev.spectacles.proxy.application.service.ManyProxyEvents;
import dev.spectacles.proxy.application.service.RollingProxyEvents;
import dev.spectacles.proxy.bootstrap.config.Config;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What those who watch the service see: metrics, health and the status page. */
final class Watched {
  /** Parts of the service that are looked at. */
  record Parts(
      EgressGuard address,
      PeekLimits limits,
      RateLimitStore shared,
      Broker broker,
      Supplier<Status.Held> held,
      Optional<Caches.Gateway> gateway) {}

  private final Config config;
  private final String metricsPath;
  private final Lifecycle lifecycle;
  private final CheckReadiness readiness;
  private final Clock clock;
  private final PrometheusVitals vitals;
  private final MetricsServer server;
  private final RollingProxyEvents figures;
  private final ProxyEvents events;

  private Watched(
      Config config,
      Config.Metrics metrics,
      Lifecycle lifecycle,
      CheckReadiness readiness,
      Clock clock)
      throws LifecycleException {
    this.config = config;
    this.metricsPath = metrics.path();
    this.lifecycle = lifecycle;
    this.readiness = readiness;
    this.clock = clock;
    var prometheus = lifecycle.open("metrics", PrometheusProxyEvents::new);
    this.vitals =
        lifecycle.open("vitals", () -> new PrometheusVitals(prometheus, Version.current()));
    this.figures = new RollingProxyEvents(clock);
    this.events = new ManyProxyEvents(List.of(prometheus, figures));
    this.server =
        lifecycle.open(
            "metrics server",
            () -> {
              var opened =
                  MetricsServer.start(metrics.address().toString(), metrics.path(), prometheus);
              opened.add(MetricsServer.READINESS, Page.readiness(readiness));
              return opened;
            });
  }

  /** Begins with what can be seen before anything else has started. */
  static Watched open(
      Config config,
      Config.Metrics metrics,
      Lifecycle lifecycle,
      CheckReadiness readiness,
      Clock clock)
      throws LifecycleException {
    var watched = new Watched(config, metrics, lifecycle, readiness, clock);
    watched.vitals.ready(() -> readiness.check().isReady());
    watched.vitals.heldLimits(config.broker().maxHeld(), config.broker().maxHeldBytes());
    return watched;
  }

  /** To be told what happens. */
  ProxyEvents events() {
    return events;
  }

  /** Looks at the parts from now on, as those of the instance of this name. */
  void look(Parts parts, String instance) throws LifecycleException {
    Broker broker = parts.broker();
    BrokerWatch backlog = lifecycle.open("broker watch", () -> BrokerWatch.start(broker, clock));
    vitals.broker(() -> broker.absence().isEmpty(), backlog::backlog);
    vitals.invalidRequests(config.rateLimit().invalidLimit(), parts.address()::invalidNow);
    vitals.limiterStore(() -> parts.shared().unreachableFor().isPresent());
    parts.gateway().ifPresent(it -> vitals.ingest(it.feed()::lag));
    var asked =
        new LookAtProxyService.Parts(
            readiness,
            parts.held(),
            parts.address(),
            parts.limits(),
            parts.shared(),
            broker::absence,
            backlog::backlog,
            parts.gateway().flatMap(this::gateway));
    var look =
        lifecycle.open(
            "status", () -> new LookAtProxyService(facts(instance), asked, figures, clock));
    StatusPages.addTo(server, metricsPath, look);
  }

  private LookAtProxyService.Facts facts(String instance) {
    Config.Cache.Rest rest = config.cache().rest();
    return new LookAtProxyService.Facts(
        instance,
        Version.current(),
        config.broker().type(),
        config.rateLimit().store(),
        !config.rateLimit().store().equals("local"),
        config.rateLimit().degradesToLocal(),
        rest.enabled() ? Optional.of(rest.store()) : Optional.empty());
  }

  private Optional<LookAtProxyService.GatewayLook> gateway(Caches.Gateway gateway) {
    return config
        .cache()
        .gateway()
        .map(
            wanted ->
                new LookAtProxyService.GatewayLook(
                    wanted.store(), wanted.maxLag(), gateway.feed()::lag, gateway.answers()));
  }
}
