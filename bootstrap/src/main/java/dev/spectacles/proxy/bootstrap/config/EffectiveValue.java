package dev.spectacles.proxy.bootstrap.config;

/**
 * Value that holds for one key.
 *
 * @param path section and key, such as {@code broker.group}
 * @param shown fit for everybody's eyes: secrets are masked
 */
public record EffectiveValue(String path, String shown, Origin origin) {}
