-- KEYS[1] stream
-- KEYS[2] generation of the group
-- ARGV[1] group
-- ARGV[2] consumer that holds the entries
-- ARGV[3] generation they were delivered in
-- ARGV[4…] ids
-- returns id, state of every entry whose idle time could not be kept fresh:
--   'taken' another consumer has or had it, 'detached' nobody can get it any more
local stream, generation_key = KEYS[1], KEYS[2]
local group, consumer, generation = ARGV[1], ARGV[2], ARGV[3]

local same = redis.call('GET', generation_key) == generation
local claim = { 'XCLAIM', stream, group, consumer, 0 }
local mine, failed = {}, {}
for i = 4, #ARGV do
  local id = ARGV[i]
  local by = holder(stream, group, id)
  if by == consumer then
    mine[#mine + 1] = id
    claim[#claim + 1] = id
  else
    failed[#failed + 1] = id
    failed[#failed + 1] = (by or same) and 'taken' or 'detached'
  end
end
if #mine > 0 then
  claim[#claim + 1] = 'IDLE'
  claim[#claim + 1] = 0
  claim[#claim + 1] = 'JUSTID'
  local kept = {}
  for _, id in ipairs(redis.call(unpack(claim))) do
    kept[id] = true
  end
  -- From Redis 7 on, claiming drops an entry that was deleted from the stream.
  for _, id in ipairs(mine) do
    if not kept[id] then
      failed[#failed + 1] = id
      failed[#failed + 1] = 'detached'
    end
  end
end
return failed
