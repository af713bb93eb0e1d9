package dev.spectacles.proxy.domain.ratelimit;

import java.time.Duration;
import java.util.Optional;

/**
 * What a store knows of a bucket at one moment, for people to look at.
 *
 * @param limit requests per window; 1 while it is unknown
 * @param level requests counted that have not come back yet
 * @param inFlight requests that were let through and have not been answered, of all instances
 * @param nextGrant how long until a request can go out; nothing if that depends on answers in
 *     flight
 */
public record BucketStatus(
    BucketKey bucket,
    Model model,
    int limit,
    double level,
    int inFlight,
    Optional<Duration> nextGrant) {}
