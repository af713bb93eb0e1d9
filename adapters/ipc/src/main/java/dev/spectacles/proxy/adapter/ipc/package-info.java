/**
 * The broker between processes of one machine: lines of JSON over standard streams, a Unix socket
 * or the channel of a parent in Node.js.
 *
 * <p>Start with {@link IpcBrokerProvider}, then {@code IpcBroker}. An {@code Endpoint} is where
 * others come from; each of them is a {@code Peer}, whose lines a {@code LineReader} tells apart
 * and whose answers an {@code Outbox} writes.
 */
@NullMarked
package dev.spectacles.proxy.adapter.ipc;

import org.jspecify.annotations.NullMarked;
