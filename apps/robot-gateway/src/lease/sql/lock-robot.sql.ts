/**
 * $1 robot. Takes the robot's row of the lease, which everything that decides who or what commands it goes through one
 * after the other, and makes it when there is none yet.
 */
export const LOCK_ROBOT = `
  INSERT INTO robots.lease AS held (robot_id, epoch, holder_kind) VALUES ($1, 0, 'none')
  ON CONFLICT (robot_id) DO UPDATE SET robot_id = excluded.robot_id
  RETURNING epoch, holder_kind, holder, holder_name, user_id,
    holder_kind <> 'none' AND (expires_at IS NULL OR expires_at > clock_timestamp()) AS is_live
`;
