-- KEYS[1] sorted set of instances by when they were seen last
-- ARGV[1] instance that leaves
-- returns number of instances removed
return redis.call('ZREM', KEYS[1], ARGV[1])
