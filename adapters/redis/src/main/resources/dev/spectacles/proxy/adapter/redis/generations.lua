-- Generations of some tags; those that are missing are made.
-- KEYS[1…] generation of each tag; a bumped one begins with when that was, and a colon
-- ARGV[1] generation for those that are missing
-- ARGV[2] milliseconds that a generation lives; anew if less than half of them are left
-- returns for each: generation, milliseconds since the tag was bumped (-1 if it was not)
local new, life = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local result = {}
for i, key in ipairs(KEYS) do
  local generation = redis.call('GET', key)
  local since = -1
  if generation then
    local bumped = string.match(generation, '^(%d+):')
    if bumped then
      since = math.max(0, now - tonumber(bumped))
    end
    if redis.call('PTTL', key) < life / 2 then
      redis.call('PEXPIRE', key, life)
    end
  else
    generation = new
    redis.call('SET', key, new, 'PX', life)
  end
  result[2 * i - 1], result[2 * i] = generation, since
end
return result
