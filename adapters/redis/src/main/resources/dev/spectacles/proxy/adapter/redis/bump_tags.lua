-- Gives some tags a new generation, which tells when that was.
-- KEYS[1…] generation of each tag
-- ARGV[1] the new one, without the time
-- ARGV[2] milliseconds that it lives, unless the one before it would have lived longer
-- returns number of tags
local life = tonumber(ARGV[2])
local time = redis.call('TIME')
local new = string.format('%.0f:%s', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])

for _, key in ipairs(KEYS) do
  redis.call('SET', key, new, 'PX', math.max(life, redis.call('PTTL', key)))
end
return { #KEYS }
