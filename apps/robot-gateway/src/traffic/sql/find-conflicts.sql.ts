/** $1 robot, $2 nodes, $3 paths. What of them other robots keep locked now, by lock. */
export const FIND_CONFLICTS = `
  SELECT robot_id,
    ARRAY(SELECT unnest(node_ids) INTERSECT SELECT unnest($2::text[]) ORDER BY 1) AS node_ids,
    ARRAY(SELECT unnest(path_ids) INTERSECT SELECT unnest($3::text[]) ORDER BY 1) AS path_ids
  FROM robots.traffic_lock
  WHERE ended_at IS NULL AND expires_at > clock_timestamp() AND robot_id <> $1
    AND (node_ids && $2::text[] OR path_ids && $3::text[])
  ORDER BY robot_id, acquired_at
`;
