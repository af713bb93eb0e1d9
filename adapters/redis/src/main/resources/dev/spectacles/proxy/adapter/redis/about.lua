-- KEYS[1] stream, only to reach the node that holds it
-- returns version, maxmemory policy ('' where INFO is not permitted), server's clock in seconds,
--   its microseconds
local function field(section, name)
  local info = redis.pcall('INFO', section)
  if type(info) ~= 'string' then
    return ''
  end
  return string.match(info, name .. ':([^\r\n]*)') or ''
end

local now = redis.call('TIME')
return { field('server', 'redis_version'), field('memory', 'maxmemory_policy'), now[1], now[2] }
