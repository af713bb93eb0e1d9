/**
 * Requests and responses of the Spectacles protocol, independent of how a broker carries them.
 *
 * <p>Start with {@link ProxyRequest}, {@link ProxyResponse} and {@link ResponseStatus}.
 */
@NullMarked
package dev.spectacles.proxy.domain.request;

import org.jspecify.annotations.NullMarked;
