/** $1 document. A row back: that is the active map already, however its keys are ordered. */
export const SAME_ACTIVE_MAP = `SELECT map_version_id FROM robots.map WHERE is_active AND document = $1::jsonb`;
