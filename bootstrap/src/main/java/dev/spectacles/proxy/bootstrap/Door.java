package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.http.HttpFrontDoor;
import dev.spectacles.proxy.adapter.http.HttpSettings;
import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.service.HeldBudget;
import dev.spectacles.proxy.application.service.ServeCallers;
import dev.spectacles.proxy.bootstrap.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP front door, if the configuration wants one. */
final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /** What a request is held with beside its body. */
  private static final long OVERHEAD = 1024;

  private final Config config;
  private final HandleRequest handler;
  private final HeldBudget held;
  private final Clock clock;
  private final ProxyEvents events;
  private Optional<HttpFrontDoor> door = Optional.empty();

  Door(Config config, HandleRequest handler, HeldBudget held, Clock clock, ProxyEvents events) {
    this.config = config;
    this.handler = handler;
    this.held = held;
    this.clock = clock;
    this.events = events;
  }

  /** Makes it, without listening yet. */
  void open() throws IOException {
    if (config.http().isPresent()) {
      Config.Http http = config.http().get();
      door = Optional.of(new HttpFrontDoor(settings(http), callers(http), clock));
    }
  }

  void listen() throws IOException, InterruptedException {
    if (door.isPresent()) {
      door.get().start();
      if (config.http().get().isOpen()) {
        LOG.warn(
            "http.open: whoever reaches {} sends requests through this proxy{}; set http.secret,"
                + " or listen on 127.0.0.1 only",
            config.http().get().address(),
            config.http().get().credentials().isPresent() ? ", with discord.token" : "");
      }
    }
  }

  /** Takes no more requests. */
  void drain() {
    door.ifPresent(HttpFrontDoor::drain);
  }

  void stop(Duration within) throws InterruptedException {
    int left = door.isPresent() ? door.get().stop(within) : 0;
    if (left > 0) {
      LOG.warn("requests over HTTP not finished, and answered with an error: {}", left);
    }
  }

  private HttpSettings settings(Config.Http http) throws IOException {
    var address = new InetSocketAddress(http.address().host(), http.address().port());
    if (address.isUnresolved()) {
      throw new IOException(
          "http.addr: %s (expected: a host that can be resolved)".formatted(http.address()));
    }
    long room = Math.max(1, config.broker().maxHeldBytes() - OVERHEAD);
    return new HttpSettings(
        address,
        config.discord().apiVersion(),
        http.secret(),
        (int) Math.min(http.maxBodyBytes(), room),
        http.maxConnections(),
        HttpSettings.Times.USUAL);
  }

  private ServeCallers callers(Config.Http http) {
    return new ServeCallers(
        handler,
        held,
        clock,
        events,
        // Where there is a secret, nobody comes in without it.
        new ServeCallers.Settings(config.timeout(), http.credentials(), http.secret().isPresent()));
  }
}
