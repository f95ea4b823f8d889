/** Takes the slot; no row: it is taken. */
export const BEGIN_SESSION = `
  INSERT INTO recognition.sessions
    (id, slot_id, room_id, mode, callback_type, status, plan, gallery, total_students, total_cameras, owner,
     lease_until, started_at)
  VALUES ($1, $2, $3, $4, $5, 'STARTING', $6, $7, $8, $9, $10,
     clock_timestamp() + $11::int * interval '1 millisecond', $12)
  ON CONFLICT (slot_id) WHERE status <> 'STOPPED' DO NOTHING
  RETURNING id`;
