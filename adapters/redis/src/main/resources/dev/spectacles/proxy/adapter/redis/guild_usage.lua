-- Tells what a guild takes.
-- KEYS[1] the guild itself
-- KEYS[2…] hashes of its entities
-- returns for each key: number of entities, bytes that they take
local usage = {}
for i, key in ipairs(KEYS) do
  usage[2 * i - 1] = i == 1 and redis.call('EXISTS', key) or redis.call('HLEN', key)
  usage[2 * i] = redis.call('MEMORY', 'USAGE', key) or 0
end
return usage
