/**
 * The status page in a real browser, of a proxy that really serves.
 *
 * <p>Start with {@link Browser}.
 */
@NullMarked
package dev.spectacles.proxy.status;

import org.jspecify.annotations.NullMarked;
