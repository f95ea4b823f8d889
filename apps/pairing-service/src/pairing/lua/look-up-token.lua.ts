/** KEYS[1] a token. Answers { state, device }: unknown, open, claimed (both still in their time), or expired. */
export const LOOK_UP_TOKEN = `
local token = redis.call('HMGET', KEYS[1], 'device', 'expires', 'state')
if not token[1] then return { 'unknown', '' } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if token[3] == 'ended' or now >= tonumber(token[2]) then return { 'expired', token[1] } end
return { token[3], token[1] }
`;
