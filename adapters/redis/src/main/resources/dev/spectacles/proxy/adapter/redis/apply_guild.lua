-- Applies changes of one guild, all or none.
-- KEYS[1] what is known of the guild
-- KEYS[2] its burials
-- KEYS[3] the guild itself
-- KEYS[4…] as the steps name them by their number: hashes of its entities; where one node has all
--   keys, also hashes with the guilds of channels, and at the end the number of the feed's leader.
--   There, hashes with the guilds of channels are named by ARGV[9] and ARGV[10], too
-- ARGV[1] number of who asks
-- ARGV[2] number of this write, which grows
-- ARGV[3] 1 or 0: whether one node has all keys
-- ARGV[4] 1 or 0: whether entities are put
-- ARGV[5] guild
-- ARGV[6] channel of notices
-- ARGV[7] notice; '' for none
-- ARGV[8] steps in MessagePack, an array each: what to do, number of the key, and then
--   drop     numbers of the keys to remove, but first those of the hashes whose ids are told, and
--            how many these are
--   set      value
--   unset    nothing
--   put      id and value in turn
--   remove   ids
--   forget   ids, of channels or threads where one node has all keys
--   replace  id and value in turn; removes all others
--   exchange the same of channels or threads; the ids of those removed are told, or forgotten
--   index    channel and number of the hash of its guild in turn
--   bury     how long they are kept at most, then field and until when in turn; milliseconds
--   limit    how long all of it is kept at most from now on, unless less is left; milliseconds
--   note     field and value in turn; removes all others
-- ARGV[9] what the names of hashes with the guilds of channels begin with
-- ARGV[10] how many of these there are
-- returns 'ok' and the ids that were to be told; or 'stale' if another leads, 'late' if a later
--   write came first, 'full' if there is no room, followed by 1 or 0 for whether the guild is there
local known, guild = KEYS[1], KEYS[3]
local leader, write, one_node, puts = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
local guild_id, channel, notice = ARGV[5], ARGV[6], ARGV[7]
-- Lua's stack bounds what a call may get; even, as most come in pairs.
local AT_ONCE = 4000

local told = { 'ok' }
local index, buckets = ARGV[9], tonumber(ARGV[10])
-- Channels whose guild is known already, and hashes of which that cannot be told any more.
local indexed, touched = {}, {}

local function in_parts(command, key, step, from)
  local last = #step
  for i = from, last, AT_ONCE do
    redis.call(command, key, unpack(step, i, math.min(i + AT_ONCE - 1, last)))
  end
end

-- Takes it out of the hash of its guild, or tells it where that may be on another node.
local function gone(id)
  if not one_node then
    told[#told + 1] = id
    return
  end
  -- id >> 22, digit by digit, as a number of Lua's has 53 bits only.
  local high, rest = 0, 0
  for digit in string.gmatch(id, '%d') do
    rest = rest * 10 + tonumber(digit)
    high = high * 10 + math.floor(rest / 4194304)
    rest = rest % 4194304
  end
  redis.call('HDEL', index .. string.format('%.0f', high % buckets), id)
end

local function stamp(call)
  return call('HSET', known, 'leader', leader, 'write', write)
end

local steps = {}

function steps.drop(key, step)
  for i = 4, 3 + step[3] do
    for _, id in ipairs(redis.call('HKEYS', KEYS[step[i]])) do
      gone(id)
    end
  end
  for i = 4, #step do
    redis.call('DEL', KEYS[step[i]])
  end
  if puts then
    stamp(redis.call)
  end
end

function steps.set(key, step)
  redis.call('SET', key, step[3])
end

function steps.unset(key)
  redis.call('DEL', key)
end

function steps.put(key, step)
  touched[key] = true
  in_parts('HSET', key, step, 3)
end

function steps.remove(key, step)
  in_parts('HDEL', key, step, 3)
end

function steps.forget(key, step)
  steps.remove(key, step)
  for i = 3, #step do
    gone(step[i])
  end
end

function steps.replace(key, step)
  redis.call('DEL', key)
  in_parts('HSET', key, step, 3)
end

function steps.exchange(key, step)
  local stays = {}
  for i = 3, #step, 2 do
    stays[step[i]] = true
  end
  for _, id in ipairs(redis.call('HKEYS', key)) do
    if not stays[id] then
      gone(id)
    elseif not touched[key] then
      indexed[id] = true
    end
  end
  touched[key] = true
  steps.replace(key, step)
end

function steps.index(_, step)
  for i = 3, #step, 2 do
    if not indexed[step[i]] then
      redis.call('HSET', KEYS[step[i + 1]], step[i], guild_id)
    end
  end
end

function steps.bury(key, step)
  in_parts('HSET', key, step, 4)
  redis.call('PEXPIRE', key, step[3])
end

function steps.limit(key, step)
  local left = redis.call('PTTL', key)
  if left == -1 or left > tonumber(step[3]) then
    redis.call('PEXPIRE', key, step[3])
  end
end

function steps.note(key, step)
  redis.call('DEL', key)
  stamp(redis.call)
  in_parts('HSET', key, step, 3)
end

if one_node and redis.call('GET', KEYS[#KEYS]) ~= leader then
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
  local first = stamp(redis.pcall)
  if type(first) == 'table' and first.err then
    if string.find(first.err, 'OOM', 1, true) then
      return { 'full', redis.call('EXISTS', guild) }
    end
    return first
  end
elseif last[1] then
  stamp(redis.pcall)
end
for _, step in ipairs(cmsgpack.unpack(ARGV[8])) do
  steps[step[1]](KEYS[step[2]], step)
end
if notice ~= '' then
  redis.call('PUBLISH', channel, notice)
end
return told
