/** $1 robots, $2 the earliest moment of interest, ms. Those that record, or did then or since. */
export const TAUGHT_SESSIONS = `
  SELECT teach_session_id, robot_id, status = 'RECORDING' AS recording, scope_json,
    (SELECT json_agg(json_build_array(
       extract(epoch FROM lower(one)) * 1000,
       extract(epoch FROM upper(one)) * 1000
     )) FROM unnest(recorded) AS one) AS recorded
  FROM teach.teach_session
  WHERE robot_id = ANY($1::text[]) AND NOT isempty(recorded)
    AND (finished_at IS NULL OR finished_at >= to_timestamp($2::float8 / 1000))
`;
