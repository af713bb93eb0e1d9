-- KEYS[1] stream
-- ARGV[1] group, created before the first entry if it is not there; '' for none
-- returns 1 if the group was created now, id of the last delivered entry, id of the first entry
--   or '', last generated id, number of entries, then, '' where the server does not say: number of
--   entries ever added, number of entries read by the group
local stream, group = KEYS[1], ARGV[1]

-- Value of this field in the flat answer of an XINFO.
local function field(flat, name)
  for i = 1, #flat, 2 do
    if flat[i] == name then
      return flat[i + 1]
    end
  end
end

local created, delivered, read = 0, '0-0', ''
if group ~= '' then
  local made = redis.pcall('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
  if not made.err then
    created = 1
  elseif not string.find(made.err, 'BUSYGROUP', 1, true) then
    return made
  else
    for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
      if field(flat, 'name') == group then
        delivered = field(flat, 'last-delivered-id')
        read = field(flat, 'entries-read') or ''
      end
    end
  end
end

if redis.call('EXISTS', stream) == 0 then
  return { '0', delivered, '', '0-0', '0', '', '' }
end
local info = redis.call('XINFO', 'STREAM', stream)
local first = field(info, 'first-entry')
return {
  tostring(created),
  delivered,
  first and first[1] or '',
  field(info, 'last-generated-id'),
  tostring(field(info, 'length')),
  tostring(field(info, 'entries-added') or ''),
  tostring(read),
}
