-- KEYS[1] stream
-- ARGV[1] group
-- ARGV[2] last entry that it got; if it got another one meanwhile, nothing is changed
-- ARGV[3] number of entries that it is past; '' where that is not known, for the server to find out
-- returns 1 if it was changed
local stream, group, delivered, read = KEYS[1], ARGV[1], ARGV[2], ARGV[3]

for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local of = {}
  for i = 1, #flat, 2 do
    of[flat[i]] = flat[i + 1]
  end
  if of['name'] == group and of['last-delivered-id'] == delivered then
    if read == '' then
      redis.call('XGROUP', 'SETID', stream, group, delivered)
    else
      redis.call('XGROUP', 'SETID', stream, group, delivered, 'ENTRIESREAD', read)
    end
    return 1
  end
end
return 0
