/** $1 session, $2 from, $3 to (both included), $4 and $5 moment and number of the last sample of the page before, $6 how many. */
export const READ_SAMPLES = `
  SELECT teach_sample_id, ts, stream_seq, pose_x, pose_y, heading_rad, hoist_height, telescope_length,
    rotation_angle_deg, grip_position, raw_json
  FROM teach.teach_sample
  WHERE teach_session_id = $1 AND ts >= $2 AND ts <= $3 AND (ts, stream_seq) > ($4, $5)
  ORDER BY ts, stream_seq
  LIMIT $6
`;
