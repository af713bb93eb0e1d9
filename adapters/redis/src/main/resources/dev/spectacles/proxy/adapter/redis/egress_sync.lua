-- KEYS[1] ban of the address, '' or as EgressText writes it
-- KEYS[2] hash of invalid requests by the number of the minute
-- KEYS[3] sorted set of instances by when they were seen last, in milliseconds
-- ARGV[1] instance that asks
-- ARGV[2] minutes that count before the one that runs
-- ARGV[3] milliseconds after which an instance counts as gone
-- ARGV[4] channel that hears of new invalid requests
-- ARGV[5…] minutes ago, invalid requests then that are new: pairs
-- returns seconds and microseconds of the server's clock, the ban, the number of instances, then
--   minutes ago, invalid requests then: pairs
local ban_key, invalid_key, instances_key = KEYS[1], KEYS[2], KEYS[3]
local instance, window, gone_after, channel = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

local time = redis.call('TIME')
local minute = math.floor(time[1] / 60)
local millis = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 5, #ARGV, 2 do
  redis.call('HINCRBY', invalid_key, string.format('%.0f', minute - ARGV[i]), ARGV[i + 1])
end
if #ARGV > 5 then
  redis.call('EXPIRE', invalid_key, (window + 1) * 60)
  redis.call('PUBLISH', channel, 'invalid')
end

redis.call('ZADD', instances_key, string.format('%.0f', millis), instance)
redis.call('ZREMRANGEBYSCORE', instances_key, '-inf', string.format('%.0f', millis - gone_after))
redis.call('PEXPIRE', instances_key, gone_after)

local answer = { time[1], time[2], redis.call('GET', ban_key) or '',
  tostring(redis.call('ZCARD', instances_key)) }
local counts = redis.call('HGETALL', invalid_key)
for i = 1, #counts, 2 do
  local ago = minute - counts[i]
  if ago > window then
    redis.call('HDEL', invalid_key, counts[i])
  else
    answer[#answer + 1] = string.format('%.0f', ago)
    answer[#answer + 1] = counts[i + 1]
  end
end
return answer
