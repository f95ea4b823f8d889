/** $1 token hash. */
export const FIND_BY_TOKEN = `SELECT answer FROM vision.evaluations WHERE token_hash = $1`;
