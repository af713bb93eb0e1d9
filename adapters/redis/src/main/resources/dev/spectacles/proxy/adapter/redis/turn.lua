-- Takes leases back, then decides claims, all at one moment.
-- ARGV[7] id of the first lease to grant; the others follow
-- ARGV[8] number of leases given back, then for each:
--   id, route, major, block, bucket name, its major, authorised by the caller (1 or 0),
--   age of the answer, how late the request was sent (0 if that does not matter),
--   outcome (N not sent, U unknown, A answered), HTTP status, credentials refused (1 or 0),
--   bucket hash ('' if there are no limit headers), limit, remaining, reset, reset after,
--   scope of a 429 ('' if it is none), retry after, whether it was perhaps given back before (1 or 0)
-- ARGV[...] number of claims, then for each:
--   route, major, block, counts globally, authorised by the caller, count, priority, age
-- returns this moment, number of openings, for each: bucket name, its major, delay;
--   then for each claim: bucket name, its major, number granted, reach of the hold ('' for none),
--   delay, at least, limit, window
-- publishes what other instances wait for: caller's prefix \n bucket name \n major \n delay
local FIELDS_GIVEN_BACK, FIELDS_CLAIMED = 20, 8

local openings = {}

local function tell(instance, bucket, delay)
  if instance == self then
    openings[#openings + 1] = bucket.name
    openings[#openings + 1] = bucket.major
    openings[#openings + 1] = delay
  else
    redis.call('PUBLISH', channels .. instance,
      prefix .. '\n' .. bucket.name .. '\n' .. bucket.major .. '\n' .. pack(delay))
  end
end

-- Learning from answers.

local function profile_token(answer)
  if answer.used == 0 then
    return 0
  end
  return max(0, answer.reset_after * 1000 - 1000) / answer.used
end

local function learnt(profile, answer)
  local window, token = answer.reset_after * 1000, profile_token(answer)
  if answer.limit ~= profile.limit then
    return new_profile(answer.limit, profile.model, window, token, 0, 0, 1)
  end
  if profile.answers >= 32 then
    return new_profile(profile.limit, profile.model, window, token,
      profile.recent_window, profile.recent_token, 1)
  end
  return new_profile(profile.limit, profile.model,
    max(profile.recent_window, window), max(profile.recent_token, token),
    profile.earlier_window, profile.earlier_token, profile.answers + 1)
end

local function turned(profile, model, answer)
  return new_profile(profile.limit, model, profile.window, profile_token(answer), 0, 0, 1)
end

local function with_model(profile, model)
  return new_profile(profile.limit, model, profile.recent_window, profile.recent_token,
    profile.earlier_window, profile.earlier_token, profile.answers)
end

local function model_of(bucket, before, answer)
  local earlier = min(bucket.sample_server, answer.server)
  local later = max(bucket.sample_server, answer.server)
  if bucket.sample_server == NEVER or later - earlier < APART
    or later >= min(bucket.sample_reset, answer.reset) then
    return before
  end
  local moved = math.abs(answer.reset - bucket.sample_reset)
  if moved <= SAME_WINDOW then
    return 1
  end
  return moved >= MOVED and 2 or before
end

local function sample(bucket, answer)
  local close = answer.server - bucket.sample_server < APART
  local comparable = answer.server < bucket.sample_reset
  if bucket.sample_server == NEVER or not (close and comparable) then
    bucket.sample_server, bucket.sample_reset = answer.server, answer.reset
  end
end

local function slid(bucket, profile, answer, at)
  if bucket.server_reset ~= NEVER and answer.reset <= bucket.server_reset + SAME_ANSWER then
    return
  end
  local full = at + answer.reset_after * 1000 + ROUNDING
  bucket.used, bucket.used_at, bucket.reset_at = (full - at) / profile.token, at, full
  bucket.server_reset = answer.reset
end

local function counted(bucket, profile, answer, at)
  local reset = at + answer.reset_after * 1000 + ROUNDING
  if bucket.server_reset == NEVER or answer.reset > bucket.server_reset + SAME_WINDOW then
    bucket.used, bucket.used_at, bucket.reset_at = answer.used, at, reset
    bucket.server_reset = answer.reset
  elseif answer.reset >= bucket.server_reset - SAME_WINDOW then
    bucket.used = max(level(bucket, profile, at), answer.used)
    bucket.used_at, bucket.reset_at = at, min(bucket.reset_at, reset)
    bucket.server_reset = max(bucket.server_reset, answer.reset)
  end
end

local function answered(bucket, answer, at, refused)
  local before = profile_named(bucket.name)
  local profile = learnt(before, answer)
  local next_sample = false
  if not refused then
    local model = model_of(bucket, before.model, answer)
    -- In a fixed window the reset says nothing about how long one request takes to come back.
    if before.model == 1 and model == 2 then
      profile = turned(profile, model, answer)
    else
      profile = with_model(profile, model)
    end
    next_sample = true
  end
  if slides(profile) and answer.reset_after * 1000 / profile.token < answer.used - 1.5 then
    profile = turned(profile, 0, answer)
  end
  if slides(profile) then
    slid(bucket, profile, answer, at)
  else
    counted(bucket, profile, answer, at)
  end
  if next_sample then
    sample(bucket, answer)
  end
  bucket.dirty = true
  save_profile(bucket.name, profile)
end

local function counted_at(answer, received)
  local offset = received - answer.server * 1000
  if caller.since == NEVER or received - caller.since > 2 * EPOCH then
    caller.current, caller.previous, caller.since = offset, ALWAYS, received
  elseif received - caller.since > EPOCH then
    caller.current, caller.previous, caller.since = offset, caller.current, received
  else
    caller.current = min(caller.current, offset)
  end
  caller.dirty = true
  return min(received, answer.server * 1000 + min(caller.current, caller.previous) + 2000)
end

-- Leases of a route count where it belongs now, whatever the resource.
local function move_leases(route, from, to)
  local all = redis.call('HGETALL', LEASES)
  for i = 1, #all, 2 do
    local name, major, key, sent_at = lines(all[i + 1])
    if key == route.key and name == from then
      local old, new = bucket_of(from, major), bucket_of(to, major)
      old.n, new.n = max(0, old.n - 1), new.n + 1
      old.dirty, new.dirty = true, true
      save_lease(all[i], to, major, key, tonumber(sent_at))
    end
  end
end

local function learn(route, back)
  local before = name_of(route)
  -- What was perhaps learnt before does not count as a second answer.
  local weak = back.scope ~= '' or back.repeated
  if hash_answered(route, back.hash, weak, back.received) then
    move_leases(route, before, back.hash)
  end
  local at = counted_at(back, back.received)
  local bucket = bucket_of(back.hash, back.major)
  answered(bucket, back, at, back.scope ~= '')
  return bucket
end

local function answered_without_headers(route, holder, held, status)
  if status < 400 and not route.hash and not route.unlimited then
    route.unlimited = true
    save_route(route)
  end
  -- A refused request of an unknown route teaches nothing: the next one is the probe again.
  if held and (status >= 500 or route.hash) then
    count_lost(route, holder)
  end
end

local function block(back, route, bucket)
  local until_ = back.received + back.retry_after
  local this_route = back.scope == 'SUBLIMIT' or back.scope == 'SHARED'
  if back.scope == 'GLOBAL' then
    caller.blocked, caller.refused = max(caller.blocked, until_), now
    if not back.repeated then
      caller.margin = min(WIDEST, caller.margin * 2)
    end
    caller.dirty = true
  elseif back.scope == 'USER' then
    bucket.blocked, bucket.dirty = max(bucket.blocked, until_), true
    -- The 429 names another bucket than the answers before: it would not be asked next time.
    this_route = bucket.name ~= name_of(route)
  end
  if this_route then
    redis.call('SET', prefix .. 'x:' .. back.block, pack(until_),
      'PX', max(1, ceil((until_ - now) / 1000)))
  end
end

local function tell_openings(bucket, route)
  expire_waiters(bucket)
  local profile = profile_of(bucket.name, route)
  for before, entry in ipairs(in_order(bucket)) do
    local opens_at = next_at(bucket, profile, bucket.n + before - 1)
    if not opens_at then
      return
    end
    if opens_at + SOONER < entry.told then
      entry.told, bucket.dirty = opens_at, true
      tell(entry.instance, bucket, opens_at - now)
    end
  end
end

-- Whoever waits there may be governed by another bucket from now on.
local function tell_all(bucket)
  expire_waiters(bucket)
  for _, entry in ipairs(in_order(bucket)) do
    tell(entry.instance, bucket, 0)
    drop_waiter(bucket, entry.instance)
  end
end

local function give_back(back)
  local route = route_of(back.route)
  local raw = redis.call('HGET', LEASES, back.id)
  local holder
  if raw then
    redis.call('HDEL', LEASES, back.id)
    redis.call('ZREM', EXPIRIES, back.id)
    local name, major, _, sent_at = lines(raw)
    holder = bucket_of(name, major)
    holder.n = max(0, holder.n - 1)
    holder.dirty = true
    if back.late > 0 then
      move_sent(sent_at, min(now, sent_at + back.late))
    end
  else
    holder = bucket_of(name_of(route), back.major)
  end
  local learned = holder
  if back.outcome == 'A' then
    if back.authorised then
      latch_answered(tonumber(back.id), back.unauthorized)
    end
    if back.hash ~= '' then
      learned = learn(route, back)
    elseif back.scope == '' then
      answered_without_headers(route, holder, raw, back.status)
    end
    if back.scope ~= '' then
      block(back, route, learned)
    end
  else
    latch_unanswered(tonumber(back.id))
    if back.outcome == 'U' and raw then
      count_lost(route, holder)
    end
  end
  tell_openings(learned, route)
  local granted_from = bucket_of(back.bucket, back.bucket_major)
  if holder ~= learned then
    tell_all(holder)
  end
  if granted_from ~= learned and granted_from ~= holder then
    tell_all(granted_from)
  end
end

-- The global limit.

local share = {}

-- When the request after so many others may be sent.
local function global_at(before)
  if before >= caller.limit then
    return ALWAYS
  end
  local index = share.taken + before
  local sent = NEVER
  if index >= caller.limit then
    sent = now
  else
    local place = caller.limit - 1 - index
    sent = tonumber(share.log[place - share.from + 1]) or NEVER
  end
  return max(caller.blocked, sent + WINDOW + caller.margin + added_margin)
end

local function open_share(claims)
  if caller.margin > MARGIN and now - caller.refused > FORGIVE then
    caller.margin, caller.refused = max(MARGIN, floor(caller.margin / 2)), now
    caller.dirty = true
  end
  local first, wanted = claims[1], 0
  for _, claim in ipairs(claims) do
    wanted = wanted + claim.count
    if claim.priority < first.priority
      or (claim.priority == first.priority and claim.age > first.age) then
      first = claim
    end
  end
  share.entry = { instance = self, priority = first.priority, since = now - first.age }
  expire_waiters(caller)
  for _, entry in ipairs((waiting_before(caller, share.entry))) do
    wanted = wanted + entry.want
  end
  share.taken, share.refused, share.used = 0, 0, false
  local most = min(wanted, caller.limit)
  -- One more than is wanted: to tell when the one after them may go.
  share.from = max(0, caller.limit - most - 1)
  share.log = redis.call('LRANGE', LOG, share.from, caller.limit - 1)
  local free = 0
  while free < most and global_at(free) <= now do
    free = free + 1
  end
  share.reserved = reserved(caller, share.entry, free)
  share.left = max(0, free - share.reserved)
end

local function take(count)
  share.used = true
  local taken = min(count, share.left)
  share.left, share.taken = share.left - taken, share.taken + taken
  share.refused = share.refused + count - taken
  return taken
end

local function share_opens_at()
  local opens_at = global_at(share.reserved)
  local missed = missed_at(caller, share.entry)
  -- What is there is left for those that come before, unless they do not come.
  return opens_at <= now and missed or min(opens_at, missed)
end

local function close_share()
  if share.taken > 0 then
    local sent = {}
    for i = 1, share.taken do
      sent[i] = pack(now)
    end
    redis.call('LPUSH', LOG, unpack(sent))
    redis.call('LTRIM', LOG, 0, caller.limit - 1)
    redis.call('PEXPIRE', LOG, 5000)
  end
  if share.refused > 0 then
    put_waiter(caller, {
      instance = self, priority = share.entry.priority, since = share.entry.since,
      told = share_opens_at(), want = share.refused,
    })
  elseif share.used then
    stop_waiting(caller)
  end
end

-- Claims.

local next_lease = tonumber(ARGV[7])
local result = {}

local function grant(bucket, granted, reach, delay, at_least, limit, window)
  local n = #result
  result[n + 1], result[n + 2], result[n + 3] = bucket.name, bucket.major, granted
  result[n + 4], result[n + 5], result[n + 6] = reach, max(0, delay), max(0, at_least)
  result[n + 7], result[n + 8] = limit, window
end

local function grant_held_globally(bucket, granted)
  local window = WINDOW + caller.margin + added_margin
  grant(bucket, granted, 'TOKEN', share_opens_at() - now, max(now, global_at(0)) - now,
    caller.limit, window)
end

local function grant_none(bucket, verdict)
  local delay = latch_delay()
  if verdict == 'refused' then
    grant(bucket, 0, 'CREDENTIALS', delay, delay, 0, 0)
  else
    grant(bucket, 0, 'ROUTE', delay, 0, 0, 0)
  end
end

local function lease(count, bucket, claim)
  for _ = 1, count do
    local id = string.format('%.0f', next_lease)
    next_lease = next_lease + 1
    save_lease(id, bucket.name, bucket.major, claim.route, now)
    redis.call('ZADD', EXPIRIES, pack(now + lease_time), id)
  end
  if count > 0 then
    bucket.n, bucket.dirty = bucket.n + count, true
    keep_leases()
  end
end

local function bucket_opens_at(bucket, profile, entry)
  local missed = missed_at(bucket, entry)
  local opens_at = next_at(bucket, profile, bucket.n + #(waiting_before(bucket, entry)))
  if not opens_at then
    local first = redis.call('ZRANGE', EXPIRIES, 0, 0, 'WITHSCORES')
    opens_at = tonumber(first[2] or now + lease_time)
  end
  -- What is there is left for those that come before, unless they do not come.
  local own = opens_at <= now and missed or min(opens_at, missed)
  local noted = bucket.waiters[self]
  return noted and noted.fresh and min(own, noted.told) or own
end

local function decide(claim)
  local route = route_of(claim.route)
  local verdict = claim.authorised and latch_verdict() or 'open'
  -- Most claims of a caller at its limit end here: their buckets need not be looked at.
  if verdict == 'open' and claim.counts and share.left == 0 then
    take(claim.count)
    return grant_held_globally({ name = name_of(route), major = claim.major }, 0)
  end
  local bucket = bucket_of(name_of(route), claim.major)
  if verdict == 'refused' or verdict == 'wait' then
    return grant_none(bucket, verdict)
  end
  local blocked = tonumber(redis.call('GET', prefix .. 'x:' .. claim.block) or NEVER)
  if blocked > now then
    return grant(bucket, 0, 'ROUTE', blocked - now, blocked - now, 0, 0)
  end
  local profile = profile_of(bucket.name, route)
  expire_waiters(bucket)
  local wanted = verdict == 'probe' and 1 or claim.count
  local entry = {
    instance = self, priority = claim.priority, since = now - claim.age, want = wanted,
  }
  local free = available(bucket, profile, now, bucket.n)
  local refused = bucket.waiters[self] and bucket.waiters[self].fresh
  -- What this call was refused before comes first.
  local grantable = refused and 0 or min(wanted, max(0, free - reserved(bucket, entry, free)))
  local granted = claim.counts and take(grantable) or grantable
  if verdict == 'probe' and granted > 0 then
    latch_probing(next_lease)
  end
  lease(granted, bucket, claim)
  if granted < grantable then
    return grant_held_globally(bucket, granted)
  end
  if grantable < wanted then
    -- How long the next has waited is not known: with the age of one that is gone the instance
    -- would come first again, and would not take what is kept for it.
    if grantable > 0 then
      entry.since = now
    end
    local opens_at = bucket_opens_at(bucket, profile, entry)
    entry.told, entry.want = opens_at, wanted - grantable
    put_waiter(bucket, entry)
    if free > granted then
      -- Who comes before was not told of what is there, as somebody else was first then.
      tell_openings(bucket, route)
    end
    local at_least = min(opens_at, next_at(bucket, profile, 0) or ALWAYS)
    return grant(bucket, granted, 'BUCKET', opens_at - now, at_least - now,
      profile.limit, profile.window)
  end
  stop_waiting(bucket)
  if granted < claim.count then
    local delay = latch_delay()
    local now_refused = latch_verdict() == 'refused'
    return grant(bucket, granted, now_refused and 'CREDENTIALS' or 'ROUTE', delay,
      now_refused and delay or 0, 0, 0)
  end
  grant(bucket, granted, '', 0, 0, 0, 0)
end

expire_leases()
local at = 8
for _ = 1, tonumber(ARGV[at]) do
  local a = at
  give_back({
    id = ARGV[a + 1], route = ARGV[a + 2], major = ARGV[a + 3], block = ARGV[a + 4],
    bucket = ARGV[a + 5], bucket_major = ARGV[a + 6], authorised = ARGV[a + 7] == '1',
    received = now - tonumber(ARGV[a + 8]), late = tonumber(ARGV[a + 9]),
    outcome = ARGV[a + 10],
    status = tonumber(ARGV[a + 11]), unauthorized = ARGV[a + 12] == '1', hash = ARGV[a + 13],
    limit = tonumber(ARGV[a + 14]), used = tonumber(ARGV[a + 14]) - tonumber(ARGV[a + 15]),
    reset = tonumber(ARGV[a + 16]), reset_after = tonumber(ARGV[a + 17]),
    server = tonumber(ARGV[a + 16]) - tonumber(ARGV[a + 17]),
    scope = ARGV[a + 18], retry_after = tonumber(ARGV[a + 19]),
    repeated = ARGV[a + 20] == '1',
  })
  at = at + FIELDS_GIVEN_BACK
end
at = at + 1
local claims = {}
for _ = 1, tonumber(ARGV[at]) do
  claims[#claims + 1] = {
    route = ARGV[at + 1], major = ARGV[at + 2], block = ARGV[at + 3],
    counts = ARGV[at + 4] == '1', authorised = ARGV[at + 5] == '1',
    count = tonumber(ARGV[at + 6]), priority = tonumber(ARGV[at + 7]),
    age = tonumber(ARGV[at + 8]),
  }
  at = at + FIELDS_CLAIMED
end
if #claims > 0 then
  open_share(claims)
  for _, claim in ipairs(claims) do
    decide(claim)
  end
  close_share()
end
save()

local answer = { now, #openings / 3 }
for _, value in ipairs(openings) do
  answer[#answer + 1] = value
end
for _, value in ipairs(result) do
  answer[#answer + 1] = value
end
return answer
