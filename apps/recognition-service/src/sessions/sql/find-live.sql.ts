export const FIND_LIVE = `
  SELECT s.id, s.slot_id, s.room_id, s.mode, s.callback_type, s.status, s.total_students, s.total_cameras,
    s.failed_camera_ids, s.live, s.started_at, s.stopped_at, s.stop_reason,
    (SELECT count(*)::int FROM recognition.callbacks c WHERE c.session_id = s.id) AS pending
  FROM recognition.sessions s
  WHERE s.status = 'RUNNING' AND ($1::bigint IS NULL OR s.slot_id = $1)
  ORDER BY s.started_at, s.id`;
