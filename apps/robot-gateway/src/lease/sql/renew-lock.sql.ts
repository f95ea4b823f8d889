import { LEASE_COLUMNS } from './read-lease.sql';

/**
 * $1 robot, $2 user, $3 what he is called, $4 role, $5 milliseconds from now. The manual-drive lock and its lease go on
 * under the same epoch, for somebody who has both and whom nothing speaks against; no row back: that must be decided, with
 * the row of the lease in hand.
 *
 * What another transaction may have changed while this waited for the row of the lease is looked at again by PostgreSQL before
 * it writes: the row's own columns. The other conditions cannot turn against it meanwhile without them: whoever takes, revokes
 * or gives up the lock takes or ends this lease too, and a route or a task only begins where nobody has either.
 */
export const RENEW_LOCK = `
  WITH lease AS (
    UPDATE robots.lease
    SET expires_at = clock_timestamp() + $5::float8 * interval '1 millisecond', updated_at = clock_timestamp()
    WHERE robot_id = $1 AND holder_kind = 'drive_lock' AND user_id = $2 AND expires_at > clock_timestamp()
      AND EXISTS (
        SELECT FROM robots.drive_lock
        WHERE robot_id = $1 AND user_id = $2 AND holder_name = $3 AND role = $4 AND expires_at > clock_timestamp())
      AND ($4 = 'Admin' OR NOT EXISTS (
        SELECT FROM robots.route WHERE robot_id = $1 AND status IN ('dispatching', 'active')
        UNION ALL
        SELECT FROM robots.task WHERE robot_id = $1 AND status IN ('RUNNING', 'PAUSED')))
    RETURNING *
  ), held AS (
    UPDATE robots.drive_lock SET expires_at = lease.expires_at
    FROM lease WHERE drive_lock.robot_id = lease.robot_id AND drive_lock.user_id = $2
    RETURNING drive_lock.*
  )
  SELECT ${LEASE_COLUMNS} FROM lease JOIN held USING (robot_id)
`;
