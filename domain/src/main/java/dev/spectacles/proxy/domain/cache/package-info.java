/**
 * What may be kept of Discord's answers, for whom and how long, and what makes it invalid.
 *
 * <p>Sources: RFC 9110, 9111, 5861 and 9211.
 */
@NullMarked
package dev.spectacles.proxy.domain.cache;

import org.jspecify.annotations.NullMarked;
