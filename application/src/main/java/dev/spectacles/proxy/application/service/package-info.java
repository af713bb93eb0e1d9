/**
 * The use cases.
 *
 * <p>Start with {@link ServeBroker} (what happens to a delivery), {@link HandleRequestService}
 * (what happens to a request) and {@link RateLimiter} (how it waits for its turn); with {@link
 * RestCache} for answers that are kept, of which {@link CachedGet} is the way of one request and
 * {@link InvalidatingDiscordApi} that of a write.
 */
@NullMarked
package dev.spectacles.proxy.application.service;

import org.jspecify.annotations.NullMarked;
