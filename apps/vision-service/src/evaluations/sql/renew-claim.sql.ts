/** $1 token hash, $2 holder, $3 milliseconds. A claim that another has taken over stays his. */
export const RENEW_CLAIM = `
  UPDATE vision.claims SET expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  WHERE token_hash = $1 AND holder = $2
`;
