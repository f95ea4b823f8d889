/**
 * $1 robot, $2 kind, $3 holder, $4 turn, $5 token hash, $6 user, $7 expires at, $8 kinds it may be taken from,
 * $9 what its holder is called.
 * One statement decides and counts: no row back means that somebody holds it who may not be displaced. The epoch grows
 * with every change and is never reset, so a command of an older one can be told for ever.
 */
export const CHANGE_LEASE = `
  INSERT INTO robots.lease AS held (robot_id, epoch, holder_kind, holder, turn, token_hash, user_id, expires_at, holder_name)
  VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $9)
  ON CONFLICT (robot_id) DO UPDATE SET
    epoch = held.epoch + 1,
    holder_kind = excluded.holder_kind,
    holder = excluded.holder,
    turn = excluded.turn,
    token_hash = excluded.token_hash,
    user_id = excluded.user_id,
    expires_at = excluded.expires_at,
    holder_name = excluded.holder_name,
    updated_at = clock_timestamp()
  WHERE held.holder_kind = ANY ($8::text[]) OR held.expires_at <= clock_timestamp()
  RETURNING epoch
`;
