/**
 * Discord's REST API over {@code java.net.http}: one request in, one answer or one explained
 * failure out.
 *
 * <p>Start with {@link JdkDiscordApi}; what it can be told is in {@link DiscordSettings}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.discord;

import org.jspecify.annotations.NullMarked;
