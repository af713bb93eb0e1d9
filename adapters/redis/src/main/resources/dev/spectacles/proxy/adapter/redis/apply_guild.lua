-- Applies changes of one guild, all or none.
-- KEYS[1] what is known of the guild
-- KEYS[2] its burials
-- KEYS[3] the guild itself
-- KEYS[4…] hashes of its entities; after them, if ARGV[3] is 1, the number of the feed's leader
-- ARGV[1] number of who asks
-- ARGV[2] number of this write, which grows
-- ARGV[3] 1 or 0: whether the leader's number can be looked at, as it is on this node
-- ARGV[4] 1 or 0: whether entities are put
-- ARGV[5] channel of notices
-- ARGV[6] notice; '' for none
-- ARGV[7…] what to do in turn, each with its key's number, how many arguments follow, and these:
--   drop     numbers of the hashes whose ids are told; removes all keys
--   set      value
--   unset    nothing
--   put      id and value in turn
--   remove   ids
--   replace  id and value in turn; removes all others
--   exchange the same, and the ids of those removed are told
--   bury     now, how long the last of them lasts, then field and until when in turn; milliseconds
--   note     field and value in turn; removes all others
-- returns 'ok' and the ids that were to be told; or 'stale' if another leads, 'late' if a later
--   write came first, 'full' if there is no room, followed by 1 or 0 for whether the guild is there
local known, burials, guild = KEYS[1], KEYS[2], KEYS[3]
local leader, write, fenced, puts = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
local channel, notice = ARGV[5], ARGV[6]
-- Lua's stack bounds what a call may get; even, as most come in pairs.
local AT_ONCE = 4000
-- Burials that are over are looked for each time so many came.
local BURIALS = 32

local function in_parts(command, key, from, to)
  for i = from, to, AT_ONCE do
    redis.call(command, key, unpack(ARGV, i, math.min(i + AT_ONCE - 1, to)))
  end
end

local function forget(key, now)
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    if tonumber(all[i + 1]) <= now then
      redis.call('HDEL', key, all[i])
    end
  end
end

if fenced and redis.call('GET', KEYS[#KEYS]) ~= leader then
  return { 'stale' }
end
local last = redis.call('HMGET', known, 'leader', 'write')
local last_leader, last_write = tonumber(last[1] or '0'), tonumber(last[2] or '0')
if last_leader > tonumber(leader) then
  return { 'stale' }
end
if last_leader == tonumber(leader) and last_write > tonumber(write) then
  return { 'late' }
end
if puts then
  -- Redis refuses the first write of a script, or none.
  local first = redis.pcall('HSET', known, 'leader', leader, 'write', write)
  if type(first) == 'table' and first.err then
    if string.find(first.err, 'OOM', 1, true) then
      return { 'full', redis.call('EXISTS', guild) }
    end
    return first
  end
elseif last[1] then
  redis.pcall('HSET', known, 'leader', leader, 'write', write)
end

local told = { 'ok' }
local at = 7
while at <= #ARGV do
  local what, key, count = ARGV[at], KEYS[tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2])
  local from, to = at + 3, at + 2 + count
  if what == 'drop' then
    for i = from, to do
      for _, id in ipairs(redis.call('HKEYS', KEYS[tonumber(ARGV[i])])) do
        told[#told + 1] = id
      end
    end
    for i = 1, fenced and #KEYS - 1 or #KEYS do
      redis.call('DEL', KEYS[i])
    end
    if puts then
      redis.call('HSET', known, 'leader', leader, 'write', write)
    end
  elseif what == 'set' then
    redis.call('SET', key, ARGV[from])
  elseif what == 'unset' then
    redis.call('DEL', key)
  elseif what == 'put' then
    in_parts('HSET', key, from, to)
  elseif what == 'remove' then
    in_parts('HDEL', key, from, to)
  elseif what == 'replace' then
    redis.call('DEL', key)
    in_parts('HSET', key, from, to)
  elseif what == 'exchange' then
    local stays = {}
    for i = from, to, 2 do
      stays[ARGV[i]] = true
    end
    for _, id in ipairs(redis.call('HKEYS', key)) do
      if not stays[id] then
        told[#told + 1] = id
      end
    end
    redis.call('DEL', key)
    in_parts('HSET', key, from, to)
  elseif what == 'bury' then
    in_parts('HSET', key, from + 2, to)
    if redis.call('PTTL', key) < tonumber(ARGV[from + 1]) then
      redis.call('PEXPIRE', key, ARGV[from + 1])
    end
    if redis.call('HLEN', key) % BURIALS == 0 then
      forget(key, tonumber(ARGV[from]))
    end
  elseif what == 'note' then
    redis.call('DEL', key)
    redis.call('HSET', key, 'leader', leader, 'write', write)
    in_parts('HSET', key, from, to)
  end
  at = to + 1
end

if notice ~= '' then
  redis.call('PUBLISH', channel, notice)
end
return told
