/**
 * Answers of Discord in this process's memory, for one instance.
 *
 * <p>Start with {@link CaffeineCacheStoreProvider} and {@link CaffeineResponseStore}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.caffeine;

import org.jspecify.annotations.NullMarked;
