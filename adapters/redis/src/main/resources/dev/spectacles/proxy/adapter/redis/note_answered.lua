-- Notes that a request is answered. A mark stays for as long as it would have: whoever gets the
-- request once more must still see that it was sent.
-- KEYS[1] the request's note
-- ARGV[1] text that says so
-- ARGV[2] milliseconds that it is kept where there is no mark
-- returns 1
if not redis.call('SET', KEYS[1], ARGV[1], 'XX', 'KEEPTTL') then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
