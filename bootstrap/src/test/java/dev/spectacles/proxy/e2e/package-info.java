/**
 * The assembled proxy, as processes of their own, against a real Redis and the Discord simulator.
 *
 * <p>Start with {@link ProxyProcess} and {@link Worker}.
 */
@NullMarked
package dev.spectacles.proxy.e2e;

import org.jspecify.annotations.NullMarked;
