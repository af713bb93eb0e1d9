-- Notes how many requests per second Discord permits the caller, if more than is configured.
-- ARGV[7] that limit; 0 if no more than others
-- returns this moment, what counts from now on
redis.call('HSET', CALLER, 'learned', ARGV[7])
redis.call('PEXPIRE', CALLER, CALLER_MS)
local limit = max(configured, tonumber(ARGV[7]))
redis.call('LTRIM', LOG, 0, limit - 1)
return { now, limit }
