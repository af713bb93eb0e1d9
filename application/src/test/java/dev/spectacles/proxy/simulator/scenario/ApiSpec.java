package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/**
 * How the API outside its limits behaves.
 *
 * @param root path prefix before the version; empty for none
 * @param requireUserAgent refuses a User-Agent that does not start with {@code DiscordBot}: the
 *     documentation has a blank and a bracket after it, but Discord4J's lacks the blank
 * @param requireAuthorization answers 401 on bot routes without Authorization
 * @param echoRawBody answers with the bytes of the request's body instead of a JSON description
 * @param interactionLifetime age at which an interaction token is unknown
 */
public record ApiSpec(
    String root,
    boolean requireUserAgent,
    boolean requireAuthorization,
    boolean echoRawBody,
    Duration interactionLifetime) {

  /** Everything as strict as Discord, under {@code /api}. */
  public static ApiSpec strict() {
    return new ApiSpec("/api", true, true, false, Duration.ofMinutes(15));
  }

  public ApiSpec withRoot(String newRoot) {
    return new ApiSpec(
        newRoot, requireUserAgent, requireAuthorization, echoRawBody, interactionLifetime);
  }

  public ApiSpec withUserAgentRequired(boolean required) {
    return new ApiSpec(root, required, requireAuthorization, echoRawBody, interactionLifetime);
  }

  public ApiSpec withAuthorizationRequired(boolean required) {
    return new ApiSpec(root, requireUserAgent, required, echoRawBody, interactionLifetime);
  }

  public ApiSpec withRawEcho(boolean raw) {
    return new ApiSpec(root, requireUserAgent, requireAuthorization, raw, interactionLifetime);
  }
}
