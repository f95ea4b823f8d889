/** The first statement of every change: until the commit nobody else changes a traffic lock. */
export const LOCK_TRAFFIC = `SELECT robots.lock_traffic()`;
