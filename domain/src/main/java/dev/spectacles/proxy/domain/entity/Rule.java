package dev.spectacles.proxy.domain.entity;

/** What events of one name change. */
@FunctionalInterface
interface Rule {
  /**
   * What this event changes.
   *
   * @throws InvalidEventException if it lacks an id that Discord always gives
   */
  Effect effectOf(GatewayEvent event, Kept kept) throws InvalidEventException;
}
