package dev.spectacles.proxy.domain.route;

import static java.util.Objects.requireNonNull;

/**
 * Method and path template of a route, such as {@code POST /channels/:id/messages}: the same for
 * every resource, free of ids and tokens, so that it may be shown and counted by.
 */
public record RouteKey(String value) {
  public RouteKey {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
