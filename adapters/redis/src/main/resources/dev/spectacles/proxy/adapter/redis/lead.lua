-- Takes or keeps the lead of a feed.
-- KEYS[1] who leads; expires
-- KEYS[2] number of the leader
-- ARGV[1] who asks
-- ARGV[2] milliseconds of the lease
-- returns the number; nothing if another leads
local leader_key, number_key = KEYS[1], KEYS[2]
local me, lease = ARGV[1], ARGV[2]

local leader = redis.call('GET', leader_key)
local number = redis.call('GET', number_key)
if leader and leader ~= me then
  return {}
end
if not leader or not number then
  -- By the clock, so that it grows also where Redis has lost the one before.
  local now = redis.call('TIME')
  local millis = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
  number = string.format('%.0f', math.max(millis, tonumber(number or '0') + 1))
  redis.call('SET', number_key, number)
end
redis.call('SET', leader_key, me, 'PX', lease)
return { number }
