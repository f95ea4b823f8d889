/** $1 version, $2 name, $3 document, $4 who. */
export const INSERT_MAP = `
  INSERT INTO robots.map (map_version_id, name, document, created_by, is_active) VALUES ($1, $2, $3::jsonb, $4, true)
`;
