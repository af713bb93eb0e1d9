package dev.spectacles.proxy.domain.route;

import static java.util.Objects.requireNonNull;

/**
 * Where a request goes, as far as limits are concerned.
 *
 * @param block what a limit that its bucket does not show would hold up
 */
public record Route(RouteKey key, MajorParameter major, BlockKey block, Kind kind) {
  /** Stands for the route of a request that could not be read. */
  public static final Route UNREADABLE =
      new Route(
          new RouteKey("unreadable"), MajorParameter.NONE, new BlockKey("unreadable"), Kind.OTHER);

  /** What sets a route apart from all others. */
  public enum Kind {
    /** {@code POST /channels/:id/messages}: users see the order, so one is sent at a time. */
    CREATE_MESSAGE,
    /**
     * {@code POST /interactions/:id/:token/callback}: no bucket, no global limit, no credentials.
     */
    INTERACTION_CALLBACK,
    /** {@code /webhooks/:id/:token} with an interaction's token: not bound to the global limit. */
    INTERACTION_WEBHOOK,
    /** {@code /webhooks/:id/:token} of any other webhook. */
    WEBHOOK,
    /** Any other. */
    OTHER
  }

  public Route {
    requireNonNull(key, "key");
    requireNonNull(major, "major");
    requireNonNull(block, "block");
    requireNonNull(kind, "kind");
  }

  /** Whether Discord authorises it by the caller's credentials, not by a token in the path. */
  public boolean isAuthorisedByCaller() {
    return switch (kind) {
      case INTERACTION_CALLBACK, INTERACTION_WEBHOOK, WEBHOOK -> false;
      case CREATE_MESSAGE, OTHER -> true;
    };
  }

  /**
   * Whether the global limit of the caller counts it. Source: Discord docs, Receiving and
   * Responding to Interactions, "Endpoints".
   */
  public boolean countsGlobally() {
    return kind != Kind.INTERACTION_CALLBACK && kind != Kind.INTERACTION_WEBHOOK;
  }
}
