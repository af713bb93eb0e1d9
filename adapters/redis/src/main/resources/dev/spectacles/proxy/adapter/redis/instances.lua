-- Notes that an instance is there; tells how many share this server. It writes, so that it fails
-- where the other scripts would.
-- KEYS[1] sorted set: instance by when it was last seen, in milliseconds of this server's clock
-- ARGV[1] instance
-- ARGV[2] milliseconds after which an instance that was not seen counts as gone
-- returns number of instances, at least 1
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], 10 * ARGV[2])
return { redis.call('ZCARD', KEYS[1]) }
