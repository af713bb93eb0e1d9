package dev.spectacles.proxy.simulator.scenario;

import java.util.List;

/** A route with its bucket, its hidden limits and the status it answers with when all is well. */
public record RouteSpec(
    RoutePattern pattern, RouteBucket bucket, List<HiddenLimit> hidden, int status) {
  public RouteSpec {
    hidden = List.copyOf(hidden);
  }

  public RouteSpec withBucket(RouteBucket newBucket) {
    return new RouteSpec(pattern, newBucket, hidden, status);
  }
}
