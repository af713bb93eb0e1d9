-- KEYS[1] stream
-- ARGV[1] group that is never abandoned: the caller's own
-- ARGV[2] milliseconds after which a group without consumers is abandoned
-- ARGV[3] most entries removed by one call, roughly
-- returns number of entries removed, then the names of abandoned groups
local stream = KEYS[1]
local own, patience, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local function table_of(flat)
  local fields = {}
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  return fields
end

local function parts(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  return tonumber(ms), tonumber(seq)
end

local function before(a, b)
  local ams, aseq = parts(a)
  local bms, bseq = parts(b)
  return ams < bms or (ams == bms and aseq < bseq)
end

local function successor(id)
  local ms, seq = parts(id)
  return string.format('%.0f-%.0f', ms, seq + 1)
end

local groups = redis.pcall('XINFO', 'GROUPS', stream)
if groups.err or #groups == 0 then
  return { '0' }
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Nobody of the group was seen for that long, and for that long something has been waiting for it.
local function is_abandoned(name, needed)
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', stream, name)) do
    if table_of(flat).idle < patience then
      return false
    end
  end
  local oldest = redis.call('XRANGE', stream, needed, '+', 'COUNT', 1)[1]
  if not oldest then
    return false
  end
  local published = parts(oldest[1])
  return now - published >= patience
end

local own_seen = false
local smallest
local answer = { '0' }
for _, flat in ipairs(groups) do
  local group = table_of(flat)
  local needed = successor(group['last-delivered-id'])
  if group.pending > 0 then
    local first = redis.call('XPENDING', stream, group.name)[2]
    if before(first, needed) then
      needed = first
    end
  end
  own_seen = own_seen or group.name == own
  if group.name ~= own and is_abandoned(group.name, needed) then
    answer[#answer + 1] = group.name
  elseif not smallest or before(needed, smallest) then
    smallest = needed
  end
end
-- Where the own group is gone, such as destroyed a moment ago, nobody knows what it still needs.
if not own_seen or not smallest then
  return answer
end

local removed = redis.call('XTRIM', stream, 'MINID', '~', smallest, 'LIMIT', most)
-- The rough form leaves part of a node; little is left to remove exactly unless the limit stopped it.
if removed < most / 2 then
  removed = removed + redis.call('XTRIM', stream, 'MINID', '=', smallest)
end
answer[1] = tostring(removed)
return answer
