/**
 * Everything on Redis: the broker on streams, its client and a server of its own for loopback.
 *
 * <p>Start with {@link RedisBrokerProvider}, then {@code RedisBroker}: {@code Intake} brings
 * requests in, {@code ReplyPump} takes answers out, {@code HeldEntries} keeps what is between them
 * ours. {@code StreamCommands} is the only class that talks to the server; what has to be atomic is
 * a Lua script beside it in the resources.
 */
@NullMarked
package dev.spectacles.proxy.adapter.redis;

import org.jspecify.annotations.NullMarked;
