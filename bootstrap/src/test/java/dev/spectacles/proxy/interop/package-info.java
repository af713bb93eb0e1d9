/**
 * Clients in other languages, unchanged, against the assembled proxy.
 *
 * <p>Each has its project in {@code src/test/interop/<language>}.
 */
@NullMarked
package dev.spectacles.proxy.interop;

import org.jspecify.annotations.NullMarked;
