/**
 * Adapters that keep everything in this process: for a single instance, embedding, development and
 * tests.
 *
 * <p>Start with {@link LocalRateLimitStore}, {@link LocalEgressStore}, {@link LocalCacheTags} and
 * {@link LocalBroker}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.local;

import org.jspecify.annotations.NullMarked;
