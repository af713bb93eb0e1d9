/**
 * The rules of the house, as tests over the classes of every module.
 *
 * <p>Start with {@link Rules}, the list of them. Each has a planted violation below {@code
 * violations}, which proves that it can fail.
 */
@NullMarked
package dev.spectacles.proxy.architecture;

import org.jspecify.annotations.NullMarked;
