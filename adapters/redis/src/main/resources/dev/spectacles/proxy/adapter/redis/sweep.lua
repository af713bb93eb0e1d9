-- KEYS[1] stream
-- ARGV[1] group
-- ARGV[2] consumer that asks, never removed
-- ARGV[3] idle time in milliseconds after which a consumer without entries is gone for good
-- returns number of consumers removed
local stream = KEYS[1]
local group, asking, idle = ARGV[1], ARGV[2], tonumber(ARGV[3])

local consumers = redis.pcall('XINFO', 'CONSUMERS', stream, group)
if consumers.err then
  return 0
end
local removed = 0
for _, flat in ipairs(consumers) do
  local consumer = {}
  for i = 1, #flat, 2 do
    consumer[flat[i]] = flat[i + 1]
  end
  if consumer.name ~= asking and consumer.pending == 0 and consumer.idle > idle then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, consumer.name)
    removed = removed + 1
  end
end
return removed
