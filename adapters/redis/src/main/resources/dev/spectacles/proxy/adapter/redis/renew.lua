-- Keeps leases from expiring.
-- ARGV[7...] ids
-- returns this moment, number of those still held
expire_leases()
local held = 0
for i = 7, #ARGV do
  local raw = redis.call('HGET', LEASES, ARGV[i])
  if raw then
    local name, major = lines(raw)
    redis.call('ZADD', EXPIRIES, pack(now + lease_time), ARGV[i])
    -- The bucket lives at least as long as what counts against it.
    bucket_of(name, major).dirty = true
    held = held + 1
  end
end
if held > 0 then
  keep_leases()
end
save()
return { now, held }
