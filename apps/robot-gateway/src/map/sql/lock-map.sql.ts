/** Until the commit nobody else changes which map is active. */
export const LOCK_MAP = `SELECT pg_advisory_xact_lock(hashtextextended('robots.map', 0))`;
