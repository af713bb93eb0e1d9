-- KEYS[1] stream
-- KEYS[2] generation of the group: a name for the time from its creation to its loss
-- ARGV[1] group
-- ARGV[2] last entry this instance knows to have been delivered, '' for none
-- ARGV[3] name for a new generation
-- ARGV[4] id after which the group begins if this instance knows of no entry; '$' for the newest
-- returns generation in force, 1 if the group was created now, id of the last delivered entry
local stream, generation = KEYS[1], KEYS[2]
local group, seen, fresh, start = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local function before(a, b)
  local ams, aseq = string.match(a, '(%d+)-(%d+)')
  local bms, bseq = string.match(b, '(%d+)-(%d+)')
  ams, bms = tonumber(ams), tonumber(bms)
  return ams < bms or (ams == bms and tonumber(aseq) < tonumber(bseq))
end

-- Value of this field in the flat answer of an XINFO.
local function field(flat, name)
  for i = 1, #flat, 2 do
    if flat[i] == name then
      return flat[i + 1]
    end
  end
end

-- A group that was destroyed goes on where it was, or all would be executed again. A stream that
-- has not come as far as that is another one, restored or new: all of it is unread.
if seen ~= '' then
  start = '0-0'
  if redis.call('EXISTS', stream) == 1 then
    local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)
    if last[1] and not before(last[1][1], seen) then
      start = seen
    end
  end
elseif start == '$' and redis.call('EXISTS', stream) == 1 then
  start = field(redis.call('XINFO', 'STREAM', stream), 'last-generated-id')
else
  start = '0-0'
end

local made = redis.pcall('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
local created = 1
if made.err then
  if not string.find(made.err, 'BUSYGROUP', 1, true) then
    return made
  end
  created = 0
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    if field(flat, 'name') == group then
      start = field(flat, 'last-delivered-id')
    end
  end
end
if created == 1 then
  redis.call('SET', generation, fresh)
else
  redis.call('SET', generation, fresh, 'NX')
end
return { redis.call('GET', generation), tostring(created), start }
