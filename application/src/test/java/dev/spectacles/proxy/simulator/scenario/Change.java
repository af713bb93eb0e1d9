package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/** Something that changes while the simulator runs, by script or by its control port. */
public sealed interface Change {

  /** Changes how many requests a bucket takes; what was used stays used. */
  record SetLimit(String hash, int limit) implements Change {}

  /** Changes a bucket's window; a running fixed window keeps its start. */
  record SetWindow(String hash, Duration window) implements Change {}

  /** Changes how a bucket counts; what was used stays used. */
  record SetModel(String hash, RateModel model) implements Change {}

  /** Adds or replaces a bucket, for a route to be moved to it. */
  record SetBucket(BucketSpec bucket) implements Change {}

  /** Moves a route to another hash. */
  record SetHash(RoutePattern route, String hash) implements Change {}

  /** Changes the global limit's mode for all tokens. */
  record SetGlobalModel(RateModel model) implements Change {}

  /** Changes the global limit of one token. */
  record SetGlobalLimit(String authorization, int limit) implements Change {}

  /** Revokes a token, makes it fail once, or makes it valid again. */
  record SetToken(String authorization, TokenSpec.State state) implements Change {}

  /** Answers a route with 403, or stops doing so. */
  record Forbid(RoutePattern route, boolean forbidden) implements Change {}

  /** Answers a route with 404, or stops doing so. */
  record Remove(RoutePattern route, boolean removed) implements Change {}

  /** Deletes a webhook: 404 with code 10015 from now on. */
  record DeleteWebhook(String id) implements Change {}

  /** Bans an address as if it had made too many invalid requests; no length lifts a ban. */
  record Ban(String ip, Duration length) implements Change {}

  /** Adds a fault. */
  record AddFault(FaultSpec fault) implements Change {}

  /** Ends all faults. */
  record ClearFaults() implements Change {}

  /** The text form, one line. */
  default String toText() {
    return ChangeText.write(this).toText();
  }

  static Change parse(String line) {
    return ChangeText.read(TextLine.parse(line));
  }
}
