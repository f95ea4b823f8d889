/** Its cameras are there: from now on a replica that finds it without an owner takes it over. */
export const RUN_SESSION = `
  UPDATE recognition.sessions
  SET status = 'RUNNING', failed_camera_ids = $3, lease_until = clock_timestamp() + $4::int * interval '1 millisecond'
  WHERE id = $1 AND owner = $2 AND status = 'STARTING'
  RETURNING id`;
