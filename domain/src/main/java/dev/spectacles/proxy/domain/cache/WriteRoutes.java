package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Snowflake;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tags of what a request changes: those of its row in {@link WriteTable}, and of its path. */
final class WriteRoutes {
  private static final Map<String, String> BELOW_UNKNOWN =
      Map.of(
          "applications", "app:%s:all",
          "channels", "c:%s:all",
          "guilds", "g:%s:all");

  /** What else a change to a channel may concern. */
  private static final Set<String> AROUND_CHANNEL =
      Set.of("c:?", "c:?:threads", "g:?:channels", "g:?:threads");

  private WriteRoutes() {}

  /** What is changed as far as the request tells: for when it is sent. */
  static Set<String> bumpedBy(ProxyRequest write) {
    return bumped(write, Optional.empty());
  }

  /** Everything that is changed: for when the answer is there, or will not come. */
  static Set<String> bumpedBy(ProxyRequest write, Told told) {
    return bumped(write, Optional.of(told));
  }

  /** Bot whose token the request bears. */
  static Optional<String> bot(ProxyRequest request) {
    return TokenId.of(request.headers()).botId();
  }

  private static Set<String> bumped(ProxyRequest write, Optional<Told> told) {
    List<String> segments = PathSegments.of(write.path());
    var tags = new LinkedHashSet<String>();
    var found = WriteTable.find(segments);
    Optional<WriteTable.WriteRoute> route =
        found.flatMap(at -> Optional.ofNullable(at.value().get(write.method().name())));
    if (route.isEmpty()) {
      tags.addAll(around(segments));
    } else {
      Optional<String> caller = bot(write);
      for (TagTemplate tag : route.get().tags()) {
        if (told.isPresent() || !tag.needsAnswer()) {
          tag.fill(found.orElseThrow().parameters(), caller, write, told.orElse(Told.NOTHING))
              .ifPresent(tags::add);
        }
      }
    }
    // No answer bears this one, as it would have to be read for each and is bumped for hardly any.
    if (tags.remove("g:?:all")) {
      tags.add(Tags.ALL);
    }
    if (route.isEmpty() || !route.get().silent()) {
      tags.addAll(Tags.ofPrefixes(write.path()));
    }
    return tags;
  }

  /** All that the path names, for a route that may do anything with it. */
  private static Set<String> around(List<String> segments) {
    var tags = new LinkedHashSet<String>();
    for (int i = 0; i + 1 < segments.size(); i++) {
      String all = BELOW_UNKNOWN.get(segments.get(i));
      if (all != null && Snowflake.isDigits(segments.get(i + 1))) {
        tags.add(all.formatted(PathTable.withoutZeros(segments.get(i + 1))));
        if (segments.get(i).equals("channels")) {
          tags.addAll(AROUND_CHANNEL);
        }
      }
    }
    return tags;
  }
}
