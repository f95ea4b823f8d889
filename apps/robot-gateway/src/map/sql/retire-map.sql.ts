export const RETIRE_MAP = `UPDATE robots.map SET is_active = false WHERE is_active`;
