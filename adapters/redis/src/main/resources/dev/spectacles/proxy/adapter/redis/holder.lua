-- Prelude of the scripts that ask who holds an entry; put before them, takes no keys of its own.
-- holder(stream, group, id) returns the consumer an entry is pending for, or nil for nobody:
--   also when the group or the whole stream is gone.
local function holder(stream, group, id)
  local found = redis.pcall('XPENDING', stream, group, id, id, 1)
  if found.err then
    if string.find(found.err, 'NOGROUP', 1, true) then
      return nil
    end
    error(found.err)
  end
  return found[1] and found[1][2]
end

