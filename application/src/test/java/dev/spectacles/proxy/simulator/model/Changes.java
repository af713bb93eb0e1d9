package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.BucketSpec;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Durations;

/** Carries out {@link Change}s. */
final class Changes {
  private final RouteTable routes;
  private final BucketLimits buckets;
  private final GlobalLimits globals;
  private final Credentials credentials;
  private final Resources resources;
  private final InvalidRequests invalid;
  private final Faults faults;

  Changes(
      RouteTable routes,
      BucketLimits buckets,
      GlobalLimits globals,
      Credentials credentials,
      Resources resources,
      InvalidRequests invalid,
      Faults faults) {
    this.routes = routes;
    this.buckets = buckets;
    this.globals = globals;
    this.credentials = credentials;
    this.resources = resources;
    this.invalid = invalid;
    this.faults = faults;
  }

  void apply(Change change, long nowMicros) {
    switch (change) {
      case Change.SetLimit(var hash, var limit) ->
          buckets.set(new BucketSpec(hash, buckets.rate(hash).withLimit(limit)), nowMicros);
      case Change.SetWindow(var hash, var window) ->
          buckets.set(new BucketSpec(hash, buckets.rate(hash).withWindow(window)), nowMicros);
      case Change.SetModel(var hash, var model) ->
          buckets.set(new BucketSpec(hash, buckets.rate(hash).withModel(model)), nowMicros);
      case Change.SetBucket(var bucket) -> buckets.set(bucket, nowMicros);
      case Change.SetHash(var route, var hash) -> {
        buckets.rate(hash);
        routes.setHash(route, hash);
      }
      case Change.SetGlobalModel(var model) -> globals.setModel(model);
      case Change.SetGlobalLimit(var authorization, var limit) ->
          globals.setLimit(authorization, limit, nowMicros);
      case Change.SetToken(var authorization, var state) -> credentials.set(authorization, state);
      case Change.Forbid(var route, var on) -> resources.forbid(route, on);
      case Change.Remove(var route, var on) -> resources.remove(route, on);
      case Change.DeleteWebhook(var id) -> resources.deleteWebhook(id);
      case Change.Ban(var ip, var length) -> invalid.ban(ip, Durations.micros(length), nowMicros);
      case Change.AddFault(var fault) -> faults.add(fault);
      case Change.ClearFaults() -> faults.clear();
    }
  }
}
