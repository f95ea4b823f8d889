/**
 * KEYS[1] the device's latest token, KEYS[2] the new one; ARGV: prefix of tokens, hash of the new one, device, milliseconds it
 * may be claimed in, milliseconds it is remembered beyond. The older one ends unless it was claimed.
 */
export const ISSUE_TOKEN = `
local older = redis.call('GET', KEYS[1])
if older and redis.call('HGET', ARGV[1] .. older, 'state') == 'open' then
  redis.call('HSET', ARGV[1] .. older, 'state', 'ended')
end
local time = redis.call('TIME')
local expires = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4]
redis.call('HSET', KEYS[2], 'device', ARGV[3], 'expires', expires, 'state', 'open')
redis.call('PEXPIRE', KEYS[2], ARGV[4] + ARGV[5])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
return 1
`;
