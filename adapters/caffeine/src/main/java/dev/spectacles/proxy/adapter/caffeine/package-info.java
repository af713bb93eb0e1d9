/**
 * What is cached in this process's memory, for one instance: Discord's answers, which Caffeine
 * evicts, and what the gateway told, of which nothing is evicted.
 *
 * <p>Start with {@link CaffeineCacheStoreProvider}, {@link CaffeineResponseStore} and {@link
 * HeapEntityStore}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.caffeine;

import org.jspecify.annotations.NullMarked;
