export const ABANDON_START = `DELETE FROM recognition.sessions WHERE id = $1 AND status = 'STARTING'`;
