/** $1 token hash, $2 holder. */
export const RELEASE_CLAIM = `DELETE FROM vision.claims WHERE token_hash = $1 AND holder = $2`;
