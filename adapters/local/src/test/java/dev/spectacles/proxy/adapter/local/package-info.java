/** Tests of the in-process rate limit store, most of them in virtual time. */
@NullMarked
package dev.spectacles.proxy.adapter.local;

import org.jspecify.annotations.NullMarked;
