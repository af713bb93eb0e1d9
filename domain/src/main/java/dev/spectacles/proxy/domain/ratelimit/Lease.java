package dev.spectacles.proxy.domain.ratelimit;

import dev.spectacles.proxy.domain.route.Route;

/**
 * Permission to send one request, held until its outcome is reported or it expires.
 *
 * @param id unique in the store
 * @param bucket bucket it was taken from, which may be a provisional one
 */
public record Lease(long id, TokenId token, Route route, BucketKey bucket) {}
