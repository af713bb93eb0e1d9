/**
 * Adapters that keep everything in this process: for a single instance, development and tests.
 *
 * <p>Start with {@link LocalRateLimitStore} and {@link LocalEgressStore}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.local;

import org.jspecify.annotations.NullMarked;
