/** What is kept of a bot's world after long histories, compared with that world. */
@NullMarked
package dev.spectacles.proxy.gateway;

import org.jspecify.annotations.NullMarked;
