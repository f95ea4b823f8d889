/**
 * KEYS[1] a device; ARGV[1] replica, ARGV[2] connection, ARGV[3] milliseconds. The newest socket of a device is the device:
 * answers the replica and connection that it replaces, if any.
 */
export const ARRIVE = `
local old = redis.call('HMGET', KEYS[1], 'replica', 'connection')
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'replica', ARGV[1], 'connection', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { old[1] or '', old[2] or '' }
`;

/** KEYS[1] a device or an app; ARGV[1] connection. Only its own entry is removed: a newer socket may have taken it over. */
export const LEAVE = `
if redis.call('HGET', KEYS[1], 'connection') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

/**
 * KEYS[1] a device; ARGV as for ARRIVE, ARGV[4] its session or ''. Written again and again, so that a Redis that lost everything
 * knows it again; a newer socket's entry is left alone, and 0 says so.
 */
export const STAY = `
local held = redis.call('HGET', KEYS[1], 'connection')
if held and held ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'replica', ARGV[1], 'connection', ARGV[2], 'session', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`;

/** KEYS[1] an app; ARGV[1] replica, ARGV[2] connection, ARGV[3] milliseconds, ARGV[4] its token's hash. */
export const APP_HERE = `
redis.call('HSET', KEYS[1], 'replica', ARGV[1], 'connection', ARGV[2], 'token', ARGV[4])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
`;
