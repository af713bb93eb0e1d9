/**
 * Discord's rate limits as values and pure functions.
 *
 * <p>Start with {@link BucketState} and {@link TooManyRequests}; waiting is {@code application}'s
 * business. Times are microseconds of one monotonic clock, the caller's, unless a name says
 * otherwise. Source: Discord docs, Rate Limits; that buckets come as fixed windows and as sliding
 * ones (GCRA) is discord-api-docs #7680.
 */
@NullMarked
package dev.spectacles.proxy.domain.ratelimit;

import org.jspecify.annotations.NullMarked;
