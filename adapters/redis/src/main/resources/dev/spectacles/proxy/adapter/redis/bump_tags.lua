-- Gives some tags a new generation.
-- KEYS[1…] generation of each tag
-- ARGV[1] the new one; begins with b
-- ARGV[2] milliseconds that it lives
-- returns number of tags
local new, life = ARGV[1], ARGV[2]

for _, key in ipairs(KEYS) do
  redis.call('SET', key, new, 'PX', life)
end
return { #KEYS }
