-- KEYS[1] stream
-- KEYS[2…] marker of each entry
-- ARGV[1] group
-- ARGV[2] consumer that answered
-- ARGV[3…] ids, in the order of the markers
-- returns number of entries acked; those of other consumers are left alone
local stream = KEYS[1]
local group, consumer = ARGV[1], ARGV[2]

local acked = 0
for i = 3, #ARGV do
  local id, marker = ARGV[i], KEYS[i - 1]
  local by = holder(stream, group, id)
  if by == consumer then
    acked = acked + redis.call('XACK', stream, group, id)
    redis.call('DEL', marker)
  elseif not by and redis.call('GET', marker) == consumer then
    redis.call('DEL', marker)
  end
end
return acked
