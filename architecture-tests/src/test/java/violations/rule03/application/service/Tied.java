package violations.rule03.application.service;

import org.redisson.api.RedissonClient;

record Tied(RedissonClient client) {}
