package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit;

/** Guards for tests of what is behind them. */
final class Guards {
  private Guards() {}

  /** Guard with Discord's limit. */
  static EgressGuard of(EgressStore store, Clock clock) {
    return new EgressGuard(store, new InvalidLimit(InvalidLimit.DISCORDS), clock, ProxyEvents.NOOP);
  }
}
