/** Ends what runs on a slot and empties what could tell who sits there, and how its cameras are reached. */
export const STOP_SESSION = `
  UPDATE recognition.sessions
  SET status = 'STOPPED', stopped_at = $2, stop_reason = $3,
    plan = jsonb_build_object('callbackUrl', plan -> 'callbackUrl'), gallery = '', live = '[]',
    farewell_until = clock_timestamp() + $4::int * interval '1 millisecond'
  WHERE slot_id = $1 AND status = 'RUNNING' AND ($5::uuid IS NULL OR id = $5)
  RETURNING id, slot_id, room_id, mode, callback_type, status, total_students, total_cameras, failed_camera_ids, live,
    started_at, stopped_at, stop_reason`;
