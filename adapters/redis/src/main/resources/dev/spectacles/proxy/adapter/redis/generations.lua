-- Generations of some tags; those that are missing are made.
-- KEYS[1…] generation of each tag
-- ARGV[1] generation for those that are missing
-- ARGV[2] milliseconds that a generation lives
-- returns for each: generation, milliseconds since the tag was bumped (-1 if it was not: generations
--   of bumps begin with b)
local new, life = ARGV[1], ARGV[2]

local result = {}
for i, key in ipairs(KEYS) do
  local generation = redis.call('GET', key)
  local since = -1
  if not generation then
    generation = new
    redis.call('SET', key, new, 'PX', life)
  elseif string.sub(generation, 1, 1) == 'b' then
    since = math.max(0, life - redis.call('PTTL', key))
  end
  result[2 * i - 1], result[2 * i] = generation, since
end
return result
