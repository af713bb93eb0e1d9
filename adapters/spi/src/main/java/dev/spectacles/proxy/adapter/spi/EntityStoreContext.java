package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Clock;

/**
 * What every store of entities gets to know.
 *
 * @param instance name of this process, unique among all that share the store
 * @param feed name of where the events come from, the same for all instances that hear the same
 *     ones: one of them leads at a time
 * @param maxBytes most bytes of all entities, for a store whose room is this process's memory
 * @param section the settings of the section with the store's type as its name
 */
public record EntityStoreContext(
    String instance, String feed, long maxBytes, ConfigSection section, Clock clock) {}
