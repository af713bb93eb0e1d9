package dev.spectacles.proxy.interop;

/**
 * What a library's calls are about.
 *
 * @param api base URL, without the API's version
 * @param token of the bot
 * @param channel that no other library uses
 * @param crowded channel in which all libraries write at the same time
 */
record Errand(
    String api,
    String token,
    long guild,
    long channel,
    long crowded,
    String interaction,
    String interactionToken) {}
