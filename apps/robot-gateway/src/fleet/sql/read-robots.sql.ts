const COLUMNS = `robot_id, name, api_key_hash, capabilities, limits, url, last_state, last_state_at, created_at`;

export const READ_ROBOTS = `SELECT ${COLUMNS} FROM robots.robot`;

/** $1 robot. */
export const READ_ROBOT = `SELECT ${COLUMNS} FROM robots.robot WHERE robot_id = $1`;
