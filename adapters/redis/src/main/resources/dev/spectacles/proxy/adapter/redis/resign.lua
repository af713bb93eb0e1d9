-- Leaves the lead of a feed to others; what is on its way to Redis under the old number is refused.
-- KEYS[1] who leads
-- KEYS[2] number of the leader
-- ARGV[1] who resigns
-- returns whether it led
local leader_key, number_key, me = KEYS[1], KEYS[2], ARGV[1]

if redis.call('GET', leader_key) ~= me then
  return { 0 }
end
redis.call('DEL', leader_key)
local number = tonumber(redis.call('GET', number_key) or '0') + 1
redis.call('SET', number_key, string.format('%.0f', number))
return { 1 }
