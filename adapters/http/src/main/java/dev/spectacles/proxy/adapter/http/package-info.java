/**
 * HTTP front door: Discord's REST API as any library expects it, served by this proxy.
 *
 * <p>Start with {@link HttpFrontDoor}; {@link Connection} is what an event loop does with one
 * connection, {@link Exchange} what the thread of one request does.
 */
@NullMarked
package dev.spectacles.proxy.adapter.http;

import org.jspecify.annotations.NullMarked;
