/**
 * The use cases.
 *
 * <p>Start with {@link ServeBroker} (what happens to a delivery), {@link HandleRequestService}
 * (what happens to a request) and {@link RateLimiter} (how it waits for its turn).
 */
@NullMarked
package dev.spectacles.proxy.application.service;

import org.jspecify.annotations.NullMarked;
