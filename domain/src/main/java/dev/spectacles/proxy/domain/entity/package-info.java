/**
 * What a bot's gateway tells of the world it sees: entities as Discord sent them, and what each
 * event changes.
 *
 * <p>Start with {@link GatewayEvent}, {@link EventRules} and {@link Change}.
 */
@NullMarked
package dev.spectacles.proxy.domain.entity;

import org.jspecify.annotations.NullMarked;
