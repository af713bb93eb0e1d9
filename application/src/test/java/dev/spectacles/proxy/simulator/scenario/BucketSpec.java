package dev.spectacles.proxy.simulator.scenario;

/** A rate limit by its hash, the value of {@code X-RateLimit-Bucket}. */
public record BucketSpec(String hash, Rate rate) {}
