/**
 * Bytes of requests and responses to domain values and back, without I/O.
 *
 * <p>Start with {@link RequestCodec} and {@link ResponseCodec}. Requests are read in one pass from
 * a {@link Source}, of which there is one per format; {@link RequestReader} knows the protocol's
 * rules. {@link GatewayPayload} reads the gateway's events.
 */
@NullMarked
package dev.spectacles.proxy.adapter.wire;

import org.jspecify.annotations.NullMarked;
