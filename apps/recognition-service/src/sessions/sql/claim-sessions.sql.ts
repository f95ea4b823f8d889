/** Sessions whose replica has not renewed them: ours now. Several replicas that look at once take different ones. */
export const CLAIM_SESSIONS = `
  UPDATE recognition.sessions s
  SET owner = $1, lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
  WHERE s.id IN (
    SELECT id FROM recognition.sessions
    WHERE lease_until < clock_timestamp()
      AND (status = 'RUNNING' OR (status = 'STOPPED' AND farewell_until > clock_timestamp()))
    ORDER BY lease_until
    LIMIT $3
    FOR UPDATE SKIP LOCKED
  )
  RETURNING s.id, s.slot_id, s.room_id, s.mode, s.callback_type, s.status, s.plan, s.gallery, s.total_students,
    s.total_cameras, s.failed_camera_ids, s.live, s.started_at, s.stopped_at, s.stop_reason`;
