package violations.rule06.adapter.redis;

import org.redisson.api.RedissonClient;

record AtHome(RedissonClient client) {}
