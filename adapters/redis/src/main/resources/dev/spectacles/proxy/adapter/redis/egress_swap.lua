-- KEYS[1] ban of the address, '' or as EgressText writes it
-- ARGV[1] ban as it is thought to be
-- ARGV[2] ban as it is to be
-- ARGV[3] milliseconds it lives at most
-- ARGV[4] channel that hears of it
-- returns 1 or 0 for changed or not, seconds and microseconds of the server's clock, the ban as it
--   was found
local ban_key = KEYS[1]
local expected, new, ttl, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local time = redis.call('TIME')
local found = redis.call('GET', ban_key) or ''
if found ~= expected then
  return { '0', time[1], time[2], found }
end
if new == '' then
  redis.call('DEL', ban_key)
else
  redis.call('SET', ban_key, new, 'PX', ttl)
end
redis.call('PUBLISH', channel, 'ban')
return { '1', time[1], time[2], found }
