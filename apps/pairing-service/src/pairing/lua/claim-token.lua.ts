/**
 * KEYS[1] the token, KEYS[2] the app's connection; ARGV: hash of the token, session, prefix of devices, prefix of replicas.
 * One step decides: of two claims at once, one finds the token open. Answers { code } or
 * { 'OK', device, its replica, its connection, the app's replica }.
 */
export const CLAIM_TOKEN = `
local token = redis.call('HMGET', KEYS[1], 'device', 'expires', 'state')
if not token[1] then return { 'TOKEN_UNKNOWN' } end
if token[3] == 'claimed' then return { 'TOKEN_ALREADY_CLAIMED' } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if token[3] == 'ended' or now >= tonumber(token[2]) then return { 'TOKEN_EXPIRED' } end
local app = redis.call('HMGET', KEYS[2], 'replica', 'token')
if not app[1] or app[2] ~= ARGV[1] or redis.call('EXISTS', ARGV[4] .. app[1]) == 0 then
  return { 'APP_CONNECTION_UNKNOWN' }
end
local device = redis.call('HMGET', ARGV[3] .. token[1], 'replica', 'connection', 'session')
if not device[1] or redis.call('EXISTS', ARGV[4] .. device[1]) == 0 then return { 'DEVICE_NOT_CONNECTED' } end
if device[3] and device[3] ~= '' then return { 'DEVICE_BUSY' } end
redis.call('HSET', KEYS[1], 'state', 'claimed', 'session', ARGV[2])
return { 'OK', token[1], device[1], device[2], app[1] }
`;

/** KEYS[1] the token, KEYS[2] its device's latest; ARGV: hash of the token, session. The claim came to nothing: it may be tried again. */
export const UNCLAIM_TOKEN = `
if redis.call('HGET', KEYS[1], 'session') ~= ARGV[2] then return 0 end
local state = 'ended'
if redis.call('GET', KEYS[2]) == ARGV[1] then state = 'open' end
redis.call('HDEL', KEYS[1], 'session')
redis.call('HSET', KEYS[1], 'state', state)
return 1
`;
