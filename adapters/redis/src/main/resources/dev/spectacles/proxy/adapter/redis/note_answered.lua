-- Notes that a request is answered. A mark is kept for as long as it would have been: whoever gets
-- the request once more must still see that it was sent.
-- KEYS[1] the request's note
-- ARGV[1] text that says so
-- ARGV[2] milliseconds that it is kept at least
-- returns 1
local left = redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', math.max(left, ARGV[2]))
return 1
