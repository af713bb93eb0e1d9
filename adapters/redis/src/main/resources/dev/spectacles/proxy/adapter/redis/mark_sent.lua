-- KEYS[1] stream
-- KEYS[2] generation of the group
-- KEYS[3] marker of the entry
-- ARGV[1] group
-- ARGV[2] consumer that is about to send
-- ARGV[3] generation the entry was delivered in, '' if nobody else can get it any more
-- ARGV[4] id
-- ARGV[5] seconds the marker lives at most
-- returns 1 marked, 0 the entry is not this consumer's any more, -1 another one marked it
local stream, generation_key, marker = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, generation, id, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local by = holder(stream, group, id)
if by and by ~= consumer then
  return 0
end
-- Pending for nobody: settled by another one, unless the server lost the group meanwhile.
if not by and redis.call('GET', generation_key) == generation then
  return 0
end
local earlier = redis.call('GET', marker)
if earlier and earlier ~= consumer then
  return -1
end
redis.call('SET', marker, consumer, 'EX', ttl)
return 1
