/** Tests of the in-process broker and rate limit store, most of the latter in virtual time. */
@NullMarked
package dev.spectacles.proxy.adapter.local;

import org.jspecify.annotations.NullMarked;
