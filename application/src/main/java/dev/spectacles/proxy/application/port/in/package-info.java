/**
 * What the proxy can do for those who call it.
 *
 * <p>Start with {@link HandleRequest}.
 */
@NullMarked
package dev.spectacles.proxy.application.port.in;

import org.jspecify.annotations.NullMarked;
