const COLUMNS = `robot_id, turn, token_hash, user_id, expires_at, ended_at`;

/** $1 robots. */
export const READ_TURNS = `SELECT ${COLUMNS} FROM robots.turn WHERE robot_id = ANY ($1::text[])`;

/** Turns that were running when this process started. */
export const READ_RUNNING_TURNS = `
  SELECT ${COLUMNS} FROM robots.turn WHERE ended_at IS NULL AND expires_at > clock_timestamp()
`;
