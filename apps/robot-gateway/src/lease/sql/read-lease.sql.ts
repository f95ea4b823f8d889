/** What is told of a `lease` and the lock `held` beside it. */
export const LEASE_COLUMNS = `
    lease.robot_id, lease.epoch, lease.holder_kind, lease.user_id,
    (extract(epoch FROM lease.updated_at) * 1000000)::bigint AS version,
    extract(epoch FROM lease.expires_at - clock_timestamp())::float8 * 1000 AS remaining_ms,
    held.user_id AS lock_user_id, held.holder_name AS lock_name,
    extract(epoch FROM held.expires_at - clock_timestamp())::float8 * 1000 AS lock_remaining_ms
`;

const LEASE = `
  SELECT ${LEASE_COLUMNS}
  FROM robots.lease
  LEFT JOIN robots.drive_lock AS held ON held.robot_id = lease.robot_id AND held.expires_at > clock_timestamp()
`;

/** $1 robots. */
export const READ_LEASES = `${LEASE} WHERE lease.robot_id = ANY ($1::text[])`;

/** Leases and locks that somebody holds: what a process that starts must know. */
export const READ_HELD_LEASES = `
  ${LEASE} WHERE held.robot_id IS NOT NULL OR (lease.holder_kind <> 'none' AND lease.expires_at > clock_timestamp())
`;
