package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What may be done with the answers of a GET route.
 *
 * @param template with Discord's names, such as {@code /guilds/{guild_id}/roles}
 * @param ttl how long an answer is fresh where Discord does not say; zero unless it is stored
 * @param variantHeaders lower-case names of request headers that select the answer
 * @param staleAllowed whether an answer that is not fresh any more is better than waiting
 */
public record RouteRule(
    String template,
    Storage storage,
    Duration ttl,
    List<String> variantHeaders,
    boolean staleAllowed) {
  /** How far an answer may be shared. */
  public enum Storage {
    /** With whoever asks again while it is fresh. */
    STORE,
    /** With those who ask while it is on its way; what says that it does not exist may be kept. */
    COALESCE,
    /** With nobody: it holds secrets, or nothing tells when it changes. */
    SHARE_NOTHING
  }

  /** Of a path that is not in Discord's documentation. */
  public static final RouteRule UNKNOWN =
      new RouteRule("unknown", Storage.SHARE_NOTHING, Duration.ZERO, List.of(), false);

  public RouteRule {
    requireNonNull(template, "template");
    requireNonNull(storage, "storage");
    variantHeaders = List.copyOf(variantHeaders);
    if (ttl.isNegative() || ttl.isPositive() != (storage == Storage.STORE)) {
      throw new IllegalArgumentException(
          "ttl: %s with %s (expected: a positive one to store, zero otherwise)"
              .formatted(ttl, storage));
    }
  }
}
