-- Notes which application a feed is of.
-- KEYS[1] number of the leader
-- KEYS[2] application
-- ARGV[1] number of who asks
-- ARGV[2] application
-- returns whether that is the leader
local number_key, app_key, number, app = KEYS[1], KEYS[2], ARGV[1], ARGV[2]

if redis.call('GET', number_key) ~= number then
  return { 0 }
end
redis.call('SET', app_key, app)
return { 1 }
