-- KEYS[1] stream
-- ARGV[1] group
-- ARGV[2] most entries to count, where the server does not know the number by itself
-- returns number of entries that the group was not given yet; -1 if there is no such group
local stream, own, most = KEYS[1], ARGV[1], tonumber(ARGV[2])
local page_size = 10

local function table_of(flat)
  local fields = {}
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  return fields
end

local groups = redis.pcall('XINFO', 'GROUPS', stream)
if groups.err then
  return -1
end
for _, flat in ipairs(groups) do
  local group = table_of(flat)
  if group.name == own then
    -- Redis 7 counts, but not after entries were deleted out of turn; older ones have no such field.
    if group.lag then
      return group.lag
    end
    local counted, last = 0, group['last-delivered-id']
    while counted < most do
      -- A few at a time, as their payloads come along.
      local page = redis.call('XRANGE', stream, '(' .. last, '+', 'COUNT', page_size)
      counted = counted + #page
      if #page < page_size then
        break
      end
      last = page[#page][1]
    end
    return counted
  end
end
return -1
