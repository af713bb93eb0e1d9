package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.cache.RouteRule.Storage;
import java.time.Duration;
import java.util.List;

/**
 * Routes whose answers are treated alike.
 *
 * <p>The short time is for an installation where only its own writes tell of changes, the long one
 * for where Discord's events do, too.
 */
enum RouteGroup {
  /** The same for everybody, for months. */
  STATIC(3600, 3600, true),
  /** Changed seldom, and then nobody waits for it. */
  SELDOM(60, 60, true),
  /** What a guild consists of. */
  STRUCTURE(5, 300, true),
  /** Members. */
  PEOPLE(5, 120, true),
  /** Users apart from any guild. */
  USERS(5, 300, true),
  /** Whatever is read page by page. */
  LISTS(5, 30, false),
  /** Settings. */
  CONFIG(15, 120, false),
  /** Commands, whose names and descriptions depend on the language asked for. */
  COMMANDS(15, 120, false),
  /** Bans. */
  MODERATION(5, 60, false),
  /** Messages and what hangs on them: changed all the time, with links that expire. */
  CONTENT(0, 2, false),
  /** Never stored by default, but asked for by many at a time. */
  SHARED(0, 0, false),
  /** Never stored by default: too personal, or changed by what the proxy does not see. */
  OFF(0, 0, false),
  /** Answers hold secrets: never stored. */
  SECRET(0, 0, false);

  private static final List<String> LANGUAGE = List.of("x-discord-locale", "accept-language");

  private final Duration shortTtl;
  private final Duration longTtl;
  private final boolean stale;

  RouteGroup(int shortSeconds, int longSeconds, boolean stale) {
    this.shortTtl = Duration.ofSeconds(shortSeconds);
    this.longTtl = Duration.ofSeconds(longSeconds);
    this.stale = stale;
  }

  /** Rule of one of its routes, where no setting says otherwise. */
  RouteRule rule(String template, boolean events) {
    return this == OFF || this == SECRET
        ? new RouteRule(template, Storage.SHARE_NOTHING, Duration.ZERO, List.of(), false)
        : rule(template, events ? longTtl : shortTtl);
  }

  /** Rule of one of its routes, fresh for this long. */
  RouteRule rule(String template, Duration ttl) {
    return new RouteRule(
        template,
        ttl.isZero() ? Storage.COALESCE : Storage.STORE,
        ttl,
        this == COMMANDS ? LANGUAGE : List.of(),
        stale);
  }
}
