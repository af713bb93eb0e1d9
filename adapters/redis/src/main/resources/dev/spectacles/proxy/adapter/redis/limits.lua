-- Rate limits of one caller: what the scripts of the limiter have in common.
-- The policy is that of the Java classes BucketState, BucketProfile, ServerClock, GlobalLimit,
-- CredentialsLatch (domain) and RouteMap, Waiters, TokenLimits (adapters/local); a test replays
-- traces in both. Times are microseconds of this server's clock, but for Discord's: milliseconds.
-- KEYS[1] routes    hash: route -> '-' for no limit headers, or last seen \n bucket hash \n rival
-- KEYS[2] profiles  hash: bucket name -> limit model window token window token answers
-- KEYS[3] leases    hash: id -> bucket name \n major \n route \n sent at
-- KEYS[4] expiries  sorted set: id by expiry
-- KEYS[5] log       list: when the last requests were sent, newest first
-- KEYS[6] caller    hash: clock, global, learned, latch, w:<instance>
-- ARGV[1] prefix of the caller's keys; of the same slot and derived from it:
--   <prefix>b:<name>:<major>  hash: s state, n in flight, w:<instance> waiting
--   <prefix>x:<block>         string: blocked until
-- ARGV[2] instance
-- ARGV[3] life of a lease
-- ARGV[4] configured global limit; negative if it holds whatever was learnt
-- ARGV[5] what the store's delay adds to the margin of the global limit
-- ARGV[6] prefix of the channels on which instances listen
local ROUTES, PROFILES, LEASES, EXPIRIES, LOG, CALLER = unpack(KEYS)
local prefix, self = ARGV[1], ARGV[2]
local lease_time, configured = tonumber(ARGV[3]), tonumber(ARGV[4])
local added_margin, channels = tonumber(ARGV[5]), ARGV[6]

local NEVER, ALWAYS = -9007199254740992, 9007199254740992
local MOST_ROUTES, MOST_HASHES, UNLIMITED = 5000, 2000, 50
local ROUTES_MS, PROFILES_MS, CALLER_MS = 604800000, 86400000, 86400000
local KEEP, GRACE, SOONER = 120000000, 300000, 1000
local WINDOW, MARGIN, WIDEST, FORGIVE = 1000000, 32000, 250000, 600000000
local SILENT, UNKNOWN_WINDOW, ROUNDING, EPOCH = 60000000, 1000000, 1000, 30000000
local SAME_WINDOW, SAME_ANSWER, MOVED, APART = 5, 2, 15, 20
local REFUSED_FOR, PROBE_EVERY, PROBE_TIME, ASK_AGAIN = 300000000, 60000000, 5000000, 100000

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local floor, ceil, max, min = math.floor, math.ceil, math.max, math.min

local function pack(...)
  local values = { ... }
  for i, value in ipairs(values) do
    values[i] = type(value) == 'number' and string.format('%.17g', value) or value
  end
  return table.concat(values, ' ')
end

local function numbers(text)
  local values = {}
  for value in string.gmatch(text, '%S+') do
    values[#values + 1] = tonumber(value)
  end
  return unpack(values)
end

local function lines(text)
  local values = {}
  for value in string.gmatch(text .. '\n', '(.-)\n') do
    values[#values + 1] = value
  end
  return unpack(values)
end

-- Waiting instances.

local function waiter(text)
  local priority, since, told, want = numbers(text)
  return { priority = priority, since = since, told = told, want = want }
end

local function comes_before(a, b)
  if a.priority ~= b.priority then
    return a.priority < b.priority
  end
  if a.since ~= b.since then
    return a.since < b.since
  end
  return a.instance < b.instance
end

local function read_waiters(raw, holder)
  holder.waiters, holder.gone = {}, {}
  for i = 1, #raw, 2 do
    local instance = string.match(raw[i], '^w:(.*)$')
    if instance then
      local entry = waiter(raw[i + 1])
      entry.instance = instance
      holder.waiters[instance] = entry
    end
  end
end

local function drop_waiter(holder, instance)
  if holder.waiters[instance] then
    holder.waiters[instance] = nil
    holder.gone[instance] = true
    holder.dirty = true
  end
end

local function expire_waiters(holder)
  for instance, entry in pairs(holder.waiters) do
    if entry.told + GRACE <= now then
      drop_waiter(holder, instance)
    end
  end
end

local function put_waiter(holder, entry)
  local before = holder.waiters[entry.instance]
  if before and before.fresh then
    local first = comes_before(before, entry) and before or entry
    entry = {
      instance = entry.instance, priority = first.priority, since = first.since,
      told = min(before.told, entry.told), want = before.want + entry.want,
    }
  end
  entry.fresh = true
  holder.waiters[entry.instance] = entry
  holder.gone[entry.instance] = nil
  holder.dirty = true
end

local function stop_waiting(holder)
  local before = holder.waiters[self]
  if before and not before.fresh then
    drop_waiter(holder, self)
  end
end

local function waiting_before(holder, newcomer)
  local found, others = {}, 0
  for instance, entry in pairs(holder.waiters) do
    if instance ~= newcomer.instance then
      others = others + 1
      if comes_before(entry, newcomer) then
        found[#found + 1] = entry
      end
    end
  end
  return found, others
end

local function reserved(holder, newcomer, available)
  local before, others = waiting_before(holder, newcomer)
  local share, sum = max(1, floor(available / (others + 1))), 0
  for _, entry in ipairs(before) do
    sum = sum + min(share, entry.want)
  end
  return sum
end

local function missed_at(holder, newcomer)
  local missed = ALWAYS
  for _, entry in ipairs((waiting_before(holder, newcomer))) do
    missed = min(missed, entry.told + GRACE)
  end
  return missed
end

local function in_order(holder)
  local all = {}
  for _, entry in pairs(holder.waiters) do
    all[#all + 1] = entry
  end
  table.sort(all, comes_before)
  return all
end

local function save_waiters(key, holder)
  for instance in pairs(holder.gone) do
    redis.call('HDEL', key, 'w:' .. instance)
  end
  for instance, entry in pairs(holder.waiters) do
    redis.call('HSET', key, 'w:' .. instance,
      pack(entry.priority, entry.since, entry.told, entry.want))
  end
end

-- The caller as a whole.

local caller = {}
do
  local raw = redis.call('HGETALL', CALLER)
  read_waiters(raw, caller)
  local fields = {}
  for i = 1, #raw, 2 do
    fields[raw[i]] = raw[i + 1]
  end
  caller.current, caller.previous, caller.since = ALWAYS, ALWAYS, NEVER
  if fields.clock then
    caller.current, caller.previous, caller.since = numbers(fields.clock)
  end
  caller.blocked, caller.margin, caller.refused = NEVER, MARGIN, NEVER
  if fields.global then
    caller.blocked, caller.margin, caller.refused = numbers(fields.global)
  end
  if fields.latch then
    caller.suspect = true
    caller.refused_until, caller.probe_at, caller.probe = numbers(fields.latch)
  end
  caller.limit = configured < 0 and -configured or max(configured, tonumber(fields.learned or 0))
end

local function save_caller()
  if not caller.dirty then
    return
  end
  redis.call('HSET', CALLER,
    'clock', pack(caller.current, caller.previous, caller.since),
    'global', pack(caller.blocked, caller.margin, caller.refused))
  if caller.suspect then
    redis.call('HSET', CALLER, 'latch', pack(caller.refused_until, caller.probe_at, caller.probe))
  else
    redis.call('HDEL', CALLER, 'latch')
  end
  save_waiters(CALLER, caller)
  redis.call('PEXPIRE', CALLER, CALLER_MS)
end

-- Whether Discord accepts the credentials.

local function latch_verdict()
  if not caller.suspect then
    return 'open'
  end
  if now >= caller.probe_at then
    return 'probe'
  end
  return now < caller.refused_until and 'refused' or 'wait'
end

local function latch_delay()
  local left = caller.probe_at - now
  return now < caller.refused_until and left or min(ASK_AGAIN, left)
end

local function latch_probing(lease)
  caller.probe_at = now + (now < caller.refused_until and PROBE_EVERY or PROBE_TIME)
  caller.probe, caller.dirty = lease, true
end

local function latch_answered(lease, unauthorized)
  if not caller.suspect then
    if unauthorized then
      caller.suspect, caller.refused_until, caller.probe_at, caller.probe = true, 0, now, 0
      caller.dirty = true
    end
  elseif lease == caller.probe then
    caller.suspect, caller.dirty = unauthorized, true
    caller.refused_until, caller.probe_at = now + REFUSED_FOR, now + PROBE_EVERY
    caller.probe = 0
  end
end

local function latch_unanswered(lease)
  if caller.suspect and lease == caller.probe then
    caller.probe_at, caller.probe, caller.dirty = min(caller.probe_at, now), 0, true
  end
end

-- Which bucket a route belongs to.

local known = {}

local function route_of(key)
  local found = known[key]
  if not found then
    found = { key = key }
    local raw = redis.call('HGET', ROUTES, key)
    if raw == '-' then
      found.unlimited = true
    elseif raw then
      local seen, hash, rival = lines(raw)
      found.hash, found.rival, found.seen = hash, rival, tonumber(seen)
    end
    known[key] = found
  end
  return found
end

local function save_route(route)
  local value = '-'
  if route.hash then
    value = pack(route.seen) .. '\n' .. route.hash .. '\n' .. (route.rival or '')
  end
  if redis.call('HSET', ROUTES, route.key, value) == 1
    and redis.call('HLEN', ROUTES) > MOST_ROUTES then
    redis.call('HDEL', ROUTES, unpack(redis.call('HRANDFIELD', ROUTES, MOST_ROUTES / 10)))
    redis.call('HSET', ROUTES, route.key, value)
  end
  redis.call('PEXPIRE', ROUTES, ROUTES_MS)
end

local function name_of(route)
  return route.hash or route.key
end

local function hash_answered(route, hash, refused, at)
  if not route.hash then
    route.unlimited, route.hash, route.rival, route.seen = nil, hash, '', at
    save_route(route)
    return true
  end
  local same = route.hash == hash
  if refused and not same then
    return false
  end
  if same or route.rival == hash or at - route.seen > SILENT then
    route.hash, route.rival, route.seen = hash, '', at
  else
    route.rival = hash
    same = true
  end
  save_route(route)
  return not same
end

-- What is known of a limit whatever the resource.

local profiles = {}

local function new_profile(limit, model, window, token, earlier_window, earlier_token, answers)
  return {
    limit = limit, model = model, answers = answers,
    recent_window = window, recent_token = token,
    earlier_window = earlier_window, earlier_token = earlier_token,
    window = max(window, earlier_window), token = max(token, earlier_token),
  }
end

local NO_LIMIT = new_profile(UNLIMITED, 0, 0, 0, 0, 0, 0)

local function profile_named(name)
  local profile = profiles[name]
  if not profile then
    local raw = redis.call('HGET', PROFILES, name)
    if raw then
      local limit, model, window, token, earlier_window, earlier_token, answers = numbers(raw)
      profile = new_profile(limit, model, window, token, earlier_window, earlier_token, answers)
    else
      profile = new_profile(1, 0, 0, 0, 0, 0, 0)
    end
    profiles[name] = profile
  end
  return profile
end

local function profile_of(name, route)
  return route.unlimited and NO_LIMIT or profile_named(name)
end

local function save_profile(name, profile)
  profiles[name] = profile
  local value = pack(profile.limit, profile.model, profile.recent_window, profile.recent_token,
    profile.earlier_window, profile.earlier_token, profile.answers)
  if redis.call('HSET', PROFILES, name, value) == 1
    and redis.call('HLEN', PROFILES) > MOST_HASHES then
    redis.call('HDEL', PROFILES, unpack(redis.call('HRANDFIELD', PROFILES, MOST_HASHES / 10)))
    redis.call('HSET', PROFILES, name, value)
  end
  redis.call('PEXPIRE', PROFILES, PROFILES_MS)
end

-- Buckets. Models: 0 unknown, 1 fixed, 2 sliding.

local buckets = {}

local function bucket_of(name, major)
  local key = prefix .. 'b:' .. name .. ':' .. major
  local bucket = buckets[key]
  if not bucket then
    bucket = {
      key = key, name = name, major = major, n = 0,
      used = 0, used_at = 0, reset_at = NEVER, server_reset = NEVER,
      sample_server = NEVER, sample_reset = NEVER, blocked = NEVER,
    }
    local raw = redis.call('HGETALL', key)
    read_waiters(raw, bucket)
    for i = 1, #raw, 2 do
      if raw[i] == 'n' then
        bucket.n = tonumber(raw[i + 1])
      elseif raw[i] == 's' then
        bucket.used, bucket.used_at, bucket.reset_at, bucket.server_reset, bucket.sample_server,
          bucket.sample_reset, bucket.blocked = numbers(raw[i + 1])
      end
    end
    bucket.stored = #raw > 0
    -- Leases that nobody let expire for so long that they were forgotten hold nothing up.
    if bucket.n > 0 and redis.call('EXISTS', LEASES) == 0 then
      bucket.n = 0
    end
    buckets[key] = bucket
  end
  return bucket
end

local function save_buckets()
  for key, bucket in pairs(buckets) do
    if bucket.dirty then
      local until_ = max(bucket.reset_at, bucket.blocked, bucket.n > 0 and now + lease_time or NEVER)
      for _, entry in pairs(bucket.waiters) do
        until_ = max(until_, entry.told + GRACE)
      end
      if until_ == NEVER then
        if bucket.stored then
          redis.call('DEL', key)
        end
      else
        redis.call('HSET', key, 'n', bucket.n, 's',
          pack(bucket.used, bucket.used_at, bucket.reset_at, bucket.server_reset,
            bucket.sample_server, bucket.sample_reset, bucket.blocked))
        save_waiters(key, bucket)
        redis.call('PEXPIRE', key, ceil((max(until_ - now, 0) + KEEP) / 1000))
      end
    end
  end
end

local function slides(profile)
  return profile.model == 2 and profile.token > 0
end

local function level(bucket, profile, at)
  if at >= bucket.reset_at then
    return 0
  end
  if slides(profile) then
    return max(0, bucket.used - (at - bucket.used_at) / profile.token)
  end
  return bucket.used
end

local function available(bucket, profile, at, in_flight)
  if at < bucket.blocked then
    return 0
  end
  local free = profile.limit - level(bucket, profile, at)
  return max(0, floor(free + 1e-6) - in_flight)
end

-- When a request may be sent if no answer comes before; nothing if only an answer can help.
local function next_at(bucket, profile, in_flight)
  if in_flight >= profile.limit then
    return nil
  end
  local soonest = max(now, bucket.blocked)
  if available(bucket, profile, soonest, in_flight) > 0 then
    return soonest
  end
  local free = bucket.reset_at
  if slides(profile) then
    local surplus = bucket.used - (profile.limit - 1 - in_flight)
    free = min(free, bucket.used_at + ceil(surplus * profile.token))
  end
  return max(soonest, free)
end

local function lost(bucket, profile)
  local counted = level(bucket, profile, now) + 1
  if slides(profile) then
    bucket.reset_at = now + ceil(counted * profile.token)
  elseif now >= bucket.reset_at then
    bucket.reset_at = now + (profile.window > 0 and profile.window or UNKNOWN_WINDOW)
  end
  bucket.used, bucket.used_at, bucket.dirty = counted, now, true
end

local function count_lost(route, bucket)
  if not route.unlimited then
    lost(bucket, profile_of(bucket.name, route))
  end
end

-- Leases.

local function expire_leases()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', EXPIRIES, '-inf', pack(now), 'LIMIT', 0, 500)) do
    local raw = redis.call('HGET', LEASES, id)
    redis.call('ZREM', EXPIRIES, id)
    if raw then
      redis.call('HDEL', LEASES, id)
      local name, major, route = lines(raw)
      local bucket = bucket_of(name, major)
      bucket.n = max(0, bucket.n - 1)
      bucket.dirty = true
      count_lost(route_of(route), bucket)
    end
  end
end

local function save_lease(id, name, major, route, sent_at)
  redis.call('HSET', LEASES, id,
    name .. '\n' .. major .. '\n' .. route .. '\n' .. pack(sent_at))
end

local function keep_leases()
  redis.call('PEXPIRE', LEASES, CALLER_MS)
  redis.call('PEXPIRE', EXPIRIES, CALLER_MS)
end

-- A request noted in the global log at one time was sent at a later one. Its own entry moves, not
-- just any: after a stall a whole batch is late.
local function move_sent(noted_at, sent_at)
  redis.call('LREM', LOG, 1, noted_at)
  local before
  for _, sent in ipairs(redis.call('LRANGE', LOG, 0, -1)) do
    if tonumber(sent) <= sent_at then
      before = sent
      break
    end
  end
  if before then
    redis.call('LINSERT', LOG, 'BEFORE', before, pack(sent_at))
  else
    redis.call('RPUSH', LOG, pack(sent_at))
  end
  redis.call('LTRIM', LOG, 0, caller.limit - 1)
  redis.call('PEXPIRE', LOG, 5000)
end

local function save()
  save_caller()
  save_buckets()
end

