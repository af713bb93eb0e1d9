package dev.spectacles.proxy.adapter.redis;

import org.redisson.client.RedisException;

/** There is no connection yet: the first one is being made. */
final class NotReachedException extends RedisException {
  NotReachedException() {
    super("not reached yet");
  }
}
