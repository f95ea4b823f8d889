/** $1 robots. */
export const READ_EPOCHS = `SELECT robot_id, epoch FROM robots.lease WHERE robot_id = ANY ($1::text[])`;
