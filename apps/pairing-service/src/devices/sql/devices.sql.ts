/** $1 id, $2 address in lower case, $3 name. No row back: the id is taken. */
export const INSERT_DEVICE = `
  INSERT INTO pairing.device (device_id, evm_address, name) VALUES ($1, $2, $3)
  ON CONFLICT (device_id) DO NOTHING
  RETURNING device_id, evm_address, name, created_at, last_seen
`;

export const LIST_DEVICES = `
  SELECT device_id, evm_address, name, created_at, last_seen FROM pairing.device ORDER BY device_id
`;

/** $1 id. */
export const DELETE_DEVICE = 'DELETE FROM pairing.device WHERE device_id = $1 RETURNING device_id';

/** $1 id. */
export const ADDRESS_OF_DEVICE = 'SELECT evm_address FROM pairing.device WHERE device_id = $1';

/** $1 ids, $2 how many milliseconds ago each was heard. It never goes back: replicas write in any order. */
export const DEVICES_SEEN = `
  UPDATE pairing.device AS device
  SET last_seen = greatest(device.last_seen, clock_timestamp() - heard.ago * interval '1 millisecond')
  FROM unnest($1::text[], $2::float8[]) AS heard (device_id, ago)
  WHERE device.device_id = heard.device_id
`;
