package dev.spectacles.proxy.adapter.redis;

/** Names of the keys of a feed, which are on one node of a cluster. */
record FeedKeys(String feed) {
  /** Who leads; expires. */
  String leader() {
    return of("leader");
  }

  /** Number of the leader, without end. */
  String number() {
    return of("fence");
  }

  /** Application that the feed is of. */
  String app() {
    return of("app");
  }

  private String of(String what) {
    return "sp1:feed:{" + feed + "}:" + what;
  }
}
