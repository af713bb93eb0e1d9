-- Tells what is known of the buckets of some routes; changes nothing.
-- ARGV[7...] route, major
-- returns for each: bucket name, its major, model (0 unknown, 1 fixed, 2 sliding), limit, level,
--   number in flight, delay until the next grant (-1 if only an answer can tell)
local result = {}
for i = 7, #ARGV, 2 do
  local route = route_of(ARGV[i])
  local bucket = bucket_of(name_of(route), ARGV[i + 1])
  local profile = profile_of(bucket.name, route)
  local opens_at = next_at(bucket, profile, bucket.n)
  local n = #result
  result[n + 1], result[n + 2] = bucket.name, bucket.major
  result[n + 3], result[n + 4] = profile.model, profile.limit
  result[n + 5], result[n + 6] = pack(level(bucket, profile, now)), bucket.n
  result[n + 7] = opens_at and opens_at - now or -1
end
return result
