/**
 * What workers send to Discord's gateway, as far as the proxy has a part in it.
 *
 * <p>Start with {@link GatewaySend}.
 */
@NullMarked
package dev.spectacles.proxy.domain.gateway;

import org.jspecify.annotations.NullMarked;
