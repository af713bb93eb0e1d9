package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Clock;

/**
 * What every store of answers gets to know.
 *
 * @param instance name of this process, unique among all that share the store
 * @param maxBytes most bytes of all answers, for a store whose room is this process's memory
 * @param maxEntryBytes most bytes of one answer; a larger one is not kept
 * @param section the settings of the section with the store's type as its name
 */
public record CacheStoreContext(
    String instance, long maxBytes, int maxEntryBytes, ConfigSection section, Clock clock) {}
