/** $1 a JSON list of samples. Comes back with those that are new. */
export const INSERT_SAMPLES = `
  INSERT INTO teach.teach_sample (
    teach_session_id, teach_sample_id, ts, stream_seq, pose_x, pose_y, heading_rad, hoist_height, telescope_length,
    rotation_angle_deg, grip_position, raw_json
  )
  SELECT session, id, to_timestamp(ts / 1000), seq, x, y, h, hoist, tele, rot, grip, raw
  FROM json_to_recordset($1::json) AS said (
    session uuid, id uuid, ts float8, seq bigint, x float8, y float8, h float8, hoist float8, tele float8, rot float8,
    grip float8, raw jsonb
  )
  ON CONFLICT (teach_session_id, teach_sample_id) DO NOTHING
  RETURNING teach_session_id, teach_sample_id
`;

/** $1 session, $2 samples. When those were that became steps. */
export const SAMPLE_MOMENTS = `
  SELECT teach_sample_id, extract(epoch FROM ts) * 1000 AS ts, stream_seq FROM teach.teach_sample
  WHERE teach_session_id = $1 AND teach_sample_id = ANY($2::uuid[])
`;
