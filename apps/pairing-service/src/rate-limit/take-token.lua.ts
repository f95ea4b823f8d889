/**
 * Takes one token from each bucket of KEYS, or none from any (ARGV: rate a second and burst of each), by Redis' clock. Answers
 * the milliseconds until it is worth trying again; 0: taken. A bucket that is full again expires.
 */
export const TAKE_TOKEN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left, wait = {}, 0
for i, key in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local kept = redis.call('HMGET', key, 'tokens', 'at')
  local tokens, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
  tokens = math.min(burst, tokens + math.max(0, now - at) * rate / 1000)
  if tokens < 1 then wait = math.max(wait, math.ceil((1 - tokens) * 1000 / rate)) end
  left[i] = tokens
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('HSET', key, 'tokens', tostring(left[i] - 1), 'at', now)
  redis.call('PEXPIRE', key, math.ceil((burst - left[i] + 1) * 1000 / rate) + 1000)
end
return 0
`;
