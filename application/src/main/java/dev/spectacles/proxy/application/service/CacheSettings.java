package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.cache.StaleLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * How answers are stored.
 *
 * @param store name of the store, for people
 * @param apiVersion of the API that is asked
 * @param secret key for hashing credentials; empty for one that all instances agree on
 * @param strict whether only what answers say themselves decides, as in RFC 9111, not the table of
 *     routes
 * @param negative403 whether a 403 is stored for a while
 * @param stale how long answers may be used after they were fresh
 * @param settle how long after a write Discord may still show what was before it
 * @param patience how long a request waits for the store
 */
public record CacheSettings(
    String store,
    int apiVersion,
    Optional<byte[]> secret,
    boolean strict,
    boolean negative403,
    StaleLimits stale,
    Duration settle,
    Duration patience) {}
