/** $1 robot. Something that belongs to the lease changed, its lock: what is told of it now is newer than what was. */
export const TOUCH_LEASE = `UPDATE robots.lease SET updated_at = clock_timestamp() WHERE robot_id = $1`;
