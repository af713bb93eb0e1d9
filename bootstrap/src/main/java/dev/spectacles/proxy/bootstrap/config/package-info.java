/**
 * Configuration file and environment, turned into checked, typed values that know their origin.
 *
 * <p>Start with {@link ConfigLoader} and {@link Config}; every key is declared in {@code Schema}.
 */
@NullMarked
package dev.spectacles.proxy.bootstrap.config;

import org.jspecify.annotations.NullMarked;
