/**
 * How people write values: durations, and guesses at what they meant.
 *
 * <p>Start with {@link HumanDuration}; configuration and request headers share its grammar.
 */
@NullMarked
package dev.spectacles.proxy.domain.text;

import org.jspecify.annotations.NullMarked;
