package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.redis.FeedLane.Waiting;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.domain.request.Body;
import java.util.Optional;

/** Events as they lie in streams. */
final class FeedEvents {
  /** Field with the application that an event is of. */
  private static final String APP = "app";

  private static final byte[] NONE = {};

  private FeedEvents() {}

  /** Event of this entry; empty where it has no payload, which is no event of anybody's. */
  static Fed of(Waiting entry) {
    return new Fed(
        entry.id().toString(),
        entry.lane().stream(),
        Body.of(entry.fields().getOrDefault(StreamCommands.DATA, NONE)),
        entry.id().getId0(),
        Optional.ofNullable(entry.fields().get(APP)).map(app -> new String(app, UTF_8)));
  }
}
