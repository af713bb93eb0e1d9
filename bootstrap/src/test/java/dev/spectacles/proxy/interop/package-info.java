/**
 * Clients that others wrote, unchanged, against the assembled proxy.
 *
 * <p>Other languages have their project in {@code src/test/interop/<language>}.
 */
@NullMarked
package dev.spectacles.proxy.interop;

import org.jspecify.annotations.NullMarked;
