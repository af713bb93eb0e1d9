/**
 * From a request's method and path to the rate limit that governs it.
 *
 * <p>Start with {@link Route} and {@link RouteResolver}. Source: Discord docs, Rate Limits.
 */
@NullMarked
package dev.spectacles.proxy.domain.route;

import org.jspecify.annotations.NullMarked;
