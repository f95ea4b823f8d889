/**
 * Takes up to ARGV[3] tokens from the bucket KEYS[1] (ARGV[1] a second, at most ARGV[2]) in one step, by Redis' clock: the
 * replicas' own clocks need not agree. Answers { taken, milliseconds until one is there }. An unused bucket expires once it
 * would be full again, which is the same as not being there.
 */
export const TAKE_TOKENS = `
local rate, burst, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1]), tonumber(kept[2])
if tokens == nil or at == nil then tokens, at = burst, now end
if now > at then tokens = math.min(burst, tokens + (now - at) * rate / 1000) else now = at end
local taken = math.min(want, math.floor(tokens))
if taken < 0 then taken = 0 end
tokens = tokens - taken
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) * 1000 / rate) + 1000)
local wait = 0
if taken == 0 then wait = math.ceil((1 - tokens) * 1000 / rate) end
return { taken, wait }
`;
