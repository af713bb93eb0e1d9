-- Notes that the request of a lease is sent now, not when the lease was granted.
-- ARGV[7] id
-- ARGV[8] whether the global limit counts it (1 or 0)
-- returns this moment, 1 if the lease is still held, else 0
expire_leases()
local raw = redis.call('HGET', LEASES, ARGV[7])
if raw and ARGV[8] == '1' then
  local name, major, route, sent_at = lines(raw)
  move_sent(sent_at, now)
  save_lease(ARGV[7], name, major, route, now)
end
save()
return { now, raw and 1 or 0 }
