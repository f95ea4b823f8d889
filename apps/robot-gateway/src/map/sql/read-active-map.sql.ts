export const READ_ACTIVE_MAP = `
  SELECT map_version_id, document, created_at, created_by FROM robots.map WHERE is_active
`;

export const READ_ACTIVE_MAP_VERSION = `SELECT map_version_id FROM robots.map WHERE is_active`;
