/**
 * A store of answers and of entities that is no part of the proxy: files in a folder. It is what
 * the acceptance of a plug-in is tried with, and a small example of one.
 *
 * <p>Start with {@link ShelfCacheStoreProvider}.
 */
@NullMarked
package dev.spectacles.proxy.shelf;

import org.jspecify.annotations.NullMarked;
