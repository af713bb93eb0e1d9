/**
 * What a plug-in author compiles against: providers, found with {@link java.util.ServiceLoader} and
 * chosen by the name in the configuration.
 *
 * <p>Start with {@link BrokerProvider}, {@link CacheStoreProvider} and {@link ConfigSection}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.spi;

import org.jspecify.annotations.NullMarked;
