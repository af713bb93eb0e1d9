package violations.rule06.adapter.local;

import org.redisson.api.RedissonClient;

record Visiting(RedissonClient client) {}
