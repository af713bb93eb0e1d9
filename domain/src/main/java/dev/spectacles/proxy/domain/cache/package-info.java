/**
 * What may be kept of Discord's answers, for whom and how long, and what makes it invalid.
 *
 * <p>Start with {@link Storing}, whether and how an answer is kept, and {@link Reuse}, what a kept
 * one is good for; {@link Validation} is how it is confirmed, {@link CacheStatus} what callers are
 * told.
 *
 * <p>Sources: RFC 9110, 9111, 5861 and 9211.
 */
@NullMarked
package dev.spectacles.proxy.domain.cache;

import org.jspecify.annotations.NullMarked;
