package dev.spectacles.proxy.simulator.scenario;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds hashes that a scenario names without saying what their limit is. */
final class NamedBuckets {
  private NamedBuckets() {}

  static void requireKnown(
      List<BucketSpec> buckets, List<RouteSpec> routes, List<ScriptStep> script) {
    var known = new HashSet<String>();
    buckets.forEach(bucket -> known.add(bucket.hash()));
    for (var route : routes) {
      namedBy(route.bucket()).forEach(hash -> require(known, hash, route.pattern().toText()));
    }
    var changes = script.stream().map(ScriptStep::change).toList();
    for (var change : changes) {
      if (change instanceof Change.SetBucket(var bucket)) {
        known.add(bucket.hash());
      }
    }
    for (var change : changes) {
      namedBy(change).forEach(hash -> require(known, hash, change.toText()));
    }
  }

  private static void require(Set<String> known, String hash, String where) {
    if (!known.contains(hash)) {
      throw new IllegalArgumentException(
          "%s: bucket %s (expected: one of %s)".formatted(where, hash, known));
    }
  }

  private static Stream<String> namedBy(RouteBucket bucket) {
    return switch (bucket) {
      case RouteBucket.None() -> Stream.of();
      case RouteBucket.Hash(var hash, var counter) -> Stream.of(hash);
      case RouteBucket.ByMessageAge(var young, var middle, var old) ->
          Stream.of(young, middle, old);
    };
  }

  private static Stream<String> namedBy(Change change) {
    return switch (change) {
      case Change.SetLimit(var hash, var limit) -> Stream.of(hash);
      case Change.SetWindow(var hash, var window) -> Stream.of(hash);
      case Change.SetModel(var hash, var model) -> Stream.of(hash);
      case Change.SetHash(var route, var hash) -> Stream.of(hash);
      default -> Stream.of();
    };
  }
}
