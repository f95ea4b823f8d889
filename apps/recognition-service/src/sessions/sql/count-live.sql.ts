export const COUNT_LIVE = `SELECT count(*)::int AS live FROM recognition.sessions WHERE status = 'RUNNING'`;
