-- KEYS[1] stream
-- ARGV[1] group
-- ARGV[2] consumer that goes away
-- ARGV[3] idle time in milliseconds that lets others take its entries at once
-- returns number of entries left to others; with none the consumer is removed
local stream = KEYS[1]
local group, consumer, idle = ARGV[1], ARGV[2], ARGV[3]

local left, from = 0, '-'
while true do
  local page = redis.pcall('XPENDING', stream, group, from, '+', 500, consumer)
  if page.err then
    if string.find(page.err, 'NOGROUP', 1, true) then
      return 0
    end
    return page
  end
  if #page == 0 then
    break
  end
  local claim = { 'XCLAIM', stream, group, consumer, 0 }
  for _, entry in ipairs(page) do
    claim[#claim + 1] = entry[1]
    from = '(' .. entry[1]
  end
  claim[#claim + 1] = 'IDLE'
  claim[#claim + 1] = idle
  claim[#claim + 1] = 'JUSTID'
  left = left + #redis.call(unpack(claim))
end
if #redis.call('XPENDING', stream, group, '-', '+', 1, consumer) == 0 then
  redis.call('XGROUP', 'DELCONSUMER', stream, group, consumer)
end
return left
