package dev.spectacles.proxy.adapter.redis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that run on each of the {@link SharedServers}, which they get and leave running. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("redis")
@ParameterizedClass(autoCloseArguments = false)
@MethodSource("dev.spectacles.proxy.adapter.redis.SharedServers#all")
@interface OnEveryServer {}
