/**
 * The runnable service: command line, wiring, start and stop.
 *
 * <p>Start with {@link Main}; {@link ProxyApplication} puts the parts together.
 */
@NullMarked
package dev.spectacles.proxy.bootstrap;

import org.jspecify.annotations.NullMarked;
