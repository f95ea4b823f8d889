/** Locks against a stop and a take-over until the transaction ends; no row: it is not ours to write to any more. */
export const HOLD_SESSION = `
  SELECT total_cameras, failed_camera_ids FROM recognition.sessions
  WHERE id = $1 AND owner = $2 AND status = 'RUNNING' FOR NO KEY UPDATE`;
