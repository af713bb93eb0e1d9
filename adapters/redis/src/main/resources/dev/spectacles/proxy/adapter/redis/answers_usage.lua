-- Estimates how many keys of a pattern there are on a node, by a sample; exact where the sample is
-- all of them.
-- KEYS[1] key of that node; need not be there
-- ARGV[1] pattern
-- ARGV[2] how many keys to look at
-- ARGV[3] how many of those found to measure at most
-- returns number of keys, bytes that they take
local pattern, sample, measured = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local all = redis.call('DBSIZE')
local page = redis.call('SCAN', '0', 'MATCH', pattern, 'COUNT', sample)
local found = page[2]
local known = math.min(#found, measured)
local bytes = 0
for i = 1, known do
  bytes = bytes + (redis.call('MEMORY', 'USAGE', found[i]) or 0)
end
local each = known > 0 and bytes / known or 0
local times = page[1] == '0' and 1 or math.max(1, all / sample)
return { math.floor(#found * times), math.floor(#found * times * each) }
